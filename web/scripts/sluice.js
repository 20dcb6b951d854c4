// What the pages gain from JavaScript beside htmx. Everything works without it.
(() => {
  document.documentElement.classList.add('scripted');

  const onReady = () => {
    const summary = document.querySelector('.error-summary');
    if (summary instanceof HTMLElement) summary.focus();
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', onReady);
  else onReady();

  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const copy = target?.closest('[data-copy]');
    if (copy instanceof HTMLElement) void copyText(copy);
    // A filter's list closes when the click is elsewhere, as lists do.
    for (const open of document.querySelectorAll('details.filter[open]')) {
      if (target === null || !open.contains(target)) open.removeAttribute('open');
    }
  });

  async function copyText(button) {
    const source = document.getElementById(button.dataset.copy);
    if (!(source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement)) return;
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      // Without the clipboard's permission the text is at least selected, ready for the keyboard.
      source.select();
    }
    const said = document.getElementById(`${button.dataset.copy}-copied`);
    if (said !== null) said.textContent = 'Copied';
  }

  // How many rows of a list are chosen, and all of them at once.
  function tellChosen(form) {
    const boxes = [...form.querySelectorAll('input[type=checkbox][name=id]')];
    const chosen = boxes.filter((box) => box.checked).length;
    const said = form.querySelector('[data-chosen-count]');
    if (said !== null) said.textContent = chosen === 1 ? '1 record chosen' : `${chosen} records chosen`;
    return boxes;
  }
  document.addEventListener('change', (event) => {
    const form = event.target instanceof Element ? event.target.closest('form[data-chosen]') : null;
    if (form !== null) tellChosen(form);
  });
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-choose-all]') : null;
    const form = button?.closest('form[data-chosen]') ?? null;
    if (form === null) return;
    const boxes = tellChosen(form);
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
    tellChosen(form);
  });

  // A file that is chosen is put into the text beside it, where it can be seen before it is sent.
  document.addEventListener('change', async (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.dataset.fileInto === undefined) return;
    const [file] = input.files ?? [];
    const into = document.getElementById(input.dataset.fileInto);
    if (file === undefined || !(into instanceof HTMLTextAreaElement)) return;
    into.value = await file.text();
  });

  // The consent opens beside the form; the page that it ends on says how it went and closes itself.
  let waiting = null;
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.popup === undefined) return;
    const popup = window.open('about:blank', 'sluice-consent', 'popup,width=640,height=820');
    // A blocked popup: the same form goes on in this window.
    if (popup === null) return;
    form.target = 'sluice-consent';
    const mode = form.elements.namedItem('popup');
    if (mode instanceof HTMLInputElement) mode.value = '1';
    waiting = form;
    say(form, 'Waiting for your consent in the other window. This page goes on by itself.', false);
  });

  const finish = (data) => {
    if (waiting === null || data?.type !== 'sluice:consent') return;
    const form = waiting;
    waiting = null;
    if (data.ok === true) window.location.reload();
    else say(form, String(data.message), true);
  };
  window.addEventListener('message', (event) => {
    if (event.origin === window.location.origin) finish(event.data);
  });
  // Atlassian's pages may cut the popup's tie to this window; this channel reaches every page of ours.
  new BroadcastChannel('sluice:consent').addEventListener('message', (event) => finish(event.data));

  function say(form, words, failed) {
    const place = form.querySelector('[data-consent-words]');
    if (place === null) return;
    place.textContent = words;
    place.classList.toggle('field-error', failed);
  }

  // The browser knows in which time zone its reader lives.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const place of document.querySelectorAll('[data-own-zone]')) {
    const input = document.getElementById(place.dataset.ownZone);
    if (!(input instanceof HTMLInputElement) || !zone || input.value === zone) continue;
    // Nothing was entered by another clock yet.
    if (place.dataset.ownZoneFill === 'yes') {
      input.value = zone;
      continue;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `Use this browser's: ${zone}`;
    button.addEventListener('click', () => {
      input.value = zone;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.focus();
      button.remove();
    });
    place.append(button);
  }

  // Boxes of what was found, and the list that they fill: each follows the other.
  const entriesOf = (list) => list.value.split(/[\s,;]+/).filter((entry) => entry !== '');
  const listOf = (box) => {
    const list = document.getElementById(box.dataset.into);
    return list instanceof HTMLTextAreaElement ? list : null;
  };
  const tickBoxes = () => {
    for (const box of document.querySelectorAll('input[data-into]')) {
      const list = listOf(box);
      if (list === null) continue;
      box.disabled = false;
      box.checked = entriesOf(list).includes(box.value);
    }
  };
  tickBoxes();
  document.addEventListener('htmx:afterSwap', tickBoxes);
  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLTextAreaElement) tickBoxes();
  });
  document.addEventListener('change', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.dataset.into === undefined) return;
    const list = listOf(box);
    if (list === null) return;
    const there = entriesOf(list).includes(box.value);
    if (box.checked && !there) {
      list.value = `${list.value.trimEnd()}\n${box.value}`.trimStart();
    } else if (!box.checked && there) {
      const without = (line) =>
        line
          .split(/([\s,;]+)/)
          .filter((part) => part !== box.value)
          .join('');
      list.value = list.value
        .split('\n')
        .map(without)
        .filter((line) => /[^\s,;]/.test(line))
        .join('\n');
    }
    list.dispatchEvent(new Event('input', { bubbles: true }));
  });
  // What is typed there is looked for at once: Enter has nothing more to do, and elsewhere it saves.
  for (const button of document.querySelectorAll('button[name=enter]')) button.removeAttribute('name');
  document.addEventListener('keydown', (event) => {
    const field = event.target;
    if (event.key !== 'Enter' || !(field instanceof HTMLInputElement)) return;
    if (field.dataset.liveSearch !== undefined) event.preventDefault();
  });

  // What is typed into a form with a draft is kept on the server, secrets excepted.
  for (const form of document.querySelectorAll('form[data-draft]')) {
    let timer;
    let unsaved = false;
    const keep = () => {
      clearTimeout(timer);
      if (!unsaved) return;
      unsaved = false;
      const values = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        const input = form.elements.namedItem(name);
        const secret = input instanceof HTMLInputElement && input.type === 'password';
        if (typeof value === 'string' && !secret) values.append(name, value);
      }
      navigator.sendBeacon(form.dataset.draft, values);
    };
    form.addEventListener('input', () => {
      unsaved = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 400);
    });
    form.addEventListener('submit', () => {
      unsaved = false;
      clearTimeout(timer);
    });
    window.addEventListener('pagehide', keep);
  }

  // The exact time is told in UTC by the server, and in the reader's own zone once the pointer asks.
  document.addEventListener('mouseover', (event) => {
    const time = event.target instanceof Element ? event.target.closest('time[datetime]') : null;
    if (time instanceof HTMLTimeElement) {
      time.title = new Date(time.dateTime).toLocaleString(undefined, {
        dateStyle: 'full',
        timeStyle: 'long',
      });
    }
  });

  document.addEventListener('keydown', (event) => {
    const field = document.getElementById('q');
    if (!(field instanceof HTMLInputElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    const active = document.activeElement;
    const typing = active instanceof HTMLElement && active.matches('input, textarea, select');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      field.focus();
      field.select();
      return;
    }
    if (event.key === 'Escape') {
      for (const open of document.querySelectorAll('details.filter[open]')) open.removeAttribute('open');
      return;
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...document.querySelectorAll('.hit h2 a')];
    const at = links.indexOf(active);
    if (at === -1 && active !== field) return;
    if (at === -1 && event.key === 'ArrowUp') return;
    event.preventDefault();
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    if (next < 0) field.focus();
    else links[Math.min(next, links.length - 1)]?.focus();
  });
})();
