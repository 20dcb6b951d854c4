import type { Flash } from '../session.ts';

/**
 * What the popup shows at the end of a consent. Its script tells the opener and closes the window: by postMessage, and
 * by the BroadcastChannel `sluice:consent`, since Atlassian's pages may have cut the tie to the opener. Without
 * JavaScript, or when the window is no popup, the message and the link stay.
 */
export function popupPage(flash: Flash, returnTo: string | null, nonce: string): string {
  const message = JSON.stringify({ type: 'sluice:consent', ...flash }).replaceAll('<', '\\u003c');
  const link = returnTo === null ? '' : `<p><a href="${escape(returnTo)}">Go on</a></p>`;
  const script =
    returnTo === null
      ? ''
      : `<script nonce="${nonce}">
const message = ${message};
new BroadcastChannel('sluice:consent').postMessage(message);
if (window.opener) window.opener.postMessage(message, window.location.origin);
window.close();
</script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${flash.ok ? 'Authorized' : 'Not authorized'} - Sluice</title>
<style nonce="${nonce}">:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}</style>
</head><body><main>
<h1>${flash.ok ? 'Authorized' : 'Not authorized'}</h1>
<p role="${flash.ok ? 'status' : 'alert'}">${escape(flash.message)}</p>
${returnTo === null ? '<p>You can close this window.</p>' : link}
</main>${script}</body></html>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
