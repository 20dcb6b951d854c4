import type { OpenApiDocument, Operation } from '../../server/api/openapi.ts';
import { html, renderDocument, type Html } from '../html.ts';

const styles = `:root{color-scheme:light dark}html{background:light-dark(#fff,#15181d);color:light-dark(#1b1e23,#e7e9ed)}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
a{color:light-dark(#0b57d0,#8ab4f8)}code,pre{font:14px/1.5 ui-monospace,monospace}
pre{padding:.75rem;border:1px solid light-dark(#c4c7cc,#4a4f57);border-radius:6px;white-space:pre-wrap;max-height:24rem;overflow:auto}
details{border-bottom:1px solid light-dark(#dcdfe3,#3a3f47)}summary{padding:.6rem 0;cursor:pointer}
summary strong{display:inline-block;min-width:4.5rem}dt{font-weight:600}dd{margin:0 0 .5rem}h2{margin-top:2rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}:focus-visible{outline:2px solid;outline-offset:2px}`;

/** `/api/docs`: every call of the OpenAPI document by what it is about, with what it takes, an example, and refusals. */
export function apiDocsPage(document: OpenApiDocument, nonce: string): string {
  const calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = document.tags.map(({ name }) => name);
  return renderDocument(
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>The API – Sluice</title>
        <style nonce=${nonce}>
          ${styles}
        </style>
      </head>
      <body>
        <main>
          <h1>The API of Sluice</h1>
          <p>${document.info.description}</p>
          <p>
            Send a key of yours as <code>Authorization: Bearer …</code>. The same in OpenAPI 3.1, for
            programs: ${' '}<a href="/api/openapi.json">/api/openapi.json</a>
          </p>
          <nav aria-label="Parts of the API">
            <ul>
              ${tags.map((tag) => html`<li><a href=${`#${anchor(tag)}`}>${tag}</a></li>`)}
            </ul>
          </nav>
          ${tags.map(
            (tag) =>
              html`<section aria-labelledby=${anchor(tag)}>
                <h2 id=${anchor(tag)}>${tag}</h2>
                ${calls
                  .filter(({ operation }) => operation.tags?.includes(tag))
                  .map(({ method, path, operation }) => call(method, path, operation))}
              </section>`,
          )}
        </main>
      </body>
    </html>`,
  );
}

const anchor = (tag: string) => tag.toLowerCase().replaceAll(/[^a-z]+/g, '-');

function call(method: string, path: string, operation: Operation): Html {
  return html`<details id=${operation.operationId}>
    <summary><strong>${method.toUpperCase()}</strong> <code>${path}</code> ${operation.summary}</summary>
    ${parameters(operation)}
    ${Object.values(operation.requestBody?.content ?? {}).map((media) => example('Body', media.example))}
    ${Object.entries(operation.responses).map(([status, { description, content }]) =>
      status.startsWith('2')
        ? html`<p>${status}: ${description}</p>
            ${Object.entries(content ?? {}).map(([type, media]) =>
              type === 'application/json'
                ? example('Answer', media.example)
                : html`<p>As <code>${type}</code></p>`,
            )}`
        : null,
    )}
    ${refusals(operation)}
  </details>`;
}

function parameters({ parameters: all = [] }: Operation): Html {
  if (all.length === 0) return null;
  return html`<dl>
    ${all.map(
      (each) =>
        html`<dt><code>${each.name}</code></dt>
          <dd>
            ${each.in}${each.required === true ? ', required' : ''}${
              each.description === undefined ? '' : `: ${each.description}`
            }
            ${each.schema.enum === undefined ? null : ` One of ${each.schema.enum.join(', ')}.`}
          </dd>`,
    )}
  </dl>`;
}

/** A box that may scroll takes the focus, so that keys can scroll it. */
function example(label: string, value: unknown): Html {
  return html`<p>${label}, for example</p>
    <pre tabindex="0" role="region" aria-label=${`${label}, for example`}>
${JSON.stringify(value, null, 2)}</pre>`;
}

function refusals({ responses }: Operation): Html {
  const all = Object.entries(responses).filter(([status]) => !status.startsWith('2'));
  return html`<p>Refusals</p>
    <ul>
      ${all.map(([status, { description }]) => html`<li>${status}: ${description}</li>`)}
    </ul>`;
}
