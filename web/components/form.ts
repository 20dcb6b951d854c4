import { html, type Html } from '../html.ts';

/** What is wrong with which field: field name to words. */
export type FieldErrors = Readonly<Record<string, string>>;

export interface Field {
  name: string;
  label: string;
  value?: string | undefined;
  type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'date' | 'time' | undefined;
  hint?: Html;
  errors?: FieldErrors | undefined;
  required?: boolean | undefined;
  autocomplete?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  inputmode?: string | undefined;
  /** The id of a datalist. */
  list?: string | undefined;
}

/** The hidden field that every posted form carries. */
export function csrfField(token: string): Html {
  return html`<input type="hidden" name="_csrf" value=${token} />`;
}

/** One labelled input, its hint, and its error where there is one. */
export function field(options: Field): Html {
  const { name, label, hint, errors, type = 'text' } = options;
  const error = errors?.[name];
  return html`<div class=${error === undefined ? 'field' : 'field has-error'}>
    <label for=${name}>${label}</label>
    ${hint === undefined ? null : html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}
    ${errorText(name, error)}
    <input
      id=${name}
      name=${name}
      type=${type}
      value=${options.value ?? ''}
      required=${options.required ?? false}
      min=${options.min}
      max=${options.max}
      inputmode=${options.inputmode}
      list=${options.list}
      autocomplete=${options.autocomplete ?? 'off'}
      spellcheck="false"
      aria-describedby=${describedBy(name, hint !== undefined, error)}
      aria-invalid=${error === undefined ? undefined : 'true'}
    />
  </div>`;
}

/** The field of a new password. */
export function newPassword(options: Pick<Field, 'errors' | 'required' | 'label'>): Html {
  return field({
    name: 'password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 10 characters; a few words do well.',
    ...options,
  });
}

/** A labelled text of several lines. */
export function textarea(options: {
  name: string;
  label: string;
  value: string;
  hint?: Html;
  errors?: FieldErrors | undefined;
  rows?: number;
}): Html {
  const { name, label, hint, errors, value, rows = 4 } = options;
  const error = errors?.[name];
  return html`<div class=${error === undefined ? 'field' : 'field has-error'}>
    <label for=${name}>${label}</label>
    ${hint === undefined ? null : html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}
    ${errorText(name, error)}
    <textarea
      id=${name}
      name=${name}
      rows=${rows}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-describedby=${describedBy(name, hint !== undefined, error)}
      aria-invalid=${error === undefined ? undefined : 'true'}
      value=${value}
    ></textarea>
  </div>`;
}

export interface Choice {
  value: string;
  label: string;
  hint?: Html;
}

/** One of many in a drop-down list. */
export function select(options: {
  name: string;
  label: string;
  value: string;
  choices: Choice[];
  hint?: Html;
  errors?: FieldErrors | undefined;
}): Html {
  const { name, label, hint, choices, value } = options;
  const error = options.errors?.[name];
  return html`<div class=${error === undefined ? 'field' : 'field has-error'}>
    <label for=${name}>${label}</label>
    ${hint === undefined ? null : html`<p class="hint" id=${`${name}-hint`}>${hint}</p>`}
    ${errorText(name, error)}
    <select
      id=${name}
      name=${name}
      aria-describedby=${describedBy(name, hint !== undefined, error)}
      aria-invalid=${error === undefined ? undefined : 'true'}
    >
      ${choices.map(
        (choice) =>
          html`<option value=${choice.value} selected=${choice.value === value}>${choice.label}</option>`,
      )}
    </select>
  </div>`;
}

/** One of a few, all in sight. */
export function radios(options: {
  name: string;
  legend: string;
  value: string;
  choices: Choice[];
  errors?: FieldErrors | undefined;
}): Html {
  const { name, legend, choices, value } = options;
  const error = options.errors?.[name];
  return html`<fieldset class=${error === undefined ? 'field' : 'field has-error'} id=${name} tabindex="-1">
    <legend>${legend}</legend>
    ${errorText(name, error)}
    ${choices.map((choice) => {
      const id = `${name}-${choice.value}`;
      return html`<div class="choice">
        <input type="radio" id=${id} name=${name} value=${choice.value} checked=${choice.value === value} />
        <label for=${id}>
          ${choice.label} ${choice.hint === undefined ? null : html`<span class="hint">${choice.hint}</span>`}
        </label>
      </div>`;
    })}
  </fieldset>`;
}

export function checkbox(options: {
  name: string;
  label: string;
  value?: string;
  checked: boolean;
  hint?: Html;
}): Html {
  const { name, label, checked, hint, value = 'on' } = options;
  const id = value === 'on' ? name : `${name}-${value}`;
  return html`<div class="choice">
    <input type="checkbox" id=${id} name=${name} value=${value} checked=${checked} />
    <label for=${id}>${label}${hint === undefined ? null : html`<span class="hint">${hint}</span>`}</label>
  </div>`;
}

/** The errors of a form that came back, each a link to its field; takes the focus when the page opens. */
export function errorSummary(errors: FieldErrors | undefined): Html {
  const entries = Object.entries(errors ?? {});
  if (entries.length === 0) return null;
  return html`<div class="notice bad error-summary" role="alert" tabindex="-1" autofocus>
    <div>
      <p class="notice-title">
        ${entries.length === 1 ? 'One thing needs another look' : `${entries.length} things need another look`}
      </p>
      <ul>
        ${entries.map(([name, message]) => html`<li><a href=${`#${name}`}>${message}</a></li>`)}
      </ul>
    </div>
  </div>`;
}

function errorText(name: string, error: string | undefined): Html {
  return error === undefined ? null : html`<p class="field-error" id=${`${name}-error`}>${error}</p>`;
}

function describedBy(name: string, hasHint: boolean, error: string | undefined): string | undefined {
  const ids = [error === undefined ? null : `${name}-error`, hasHint ? `${name}-hint` : null];
  return ids.filter((id) => id !== null).join(' ') || undefined;
}
