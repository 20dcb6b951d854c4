import type { ContentPreview } from '../../../server/services/content-rules.ts';
import { fieldWords } from '../../components/field-words.ts';
import { notice } from '../../components/notice.ts';
import { bdi, html, type Html } from '../../html.ts';

/** One page by the present rules and by those of the form, side by side where there is room. */
export function previewed({ record, before, after, changes, cut }: ContentPreview): Html {
  const differs = changes.some(({ kind }) => kind !== 'same');
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])];
  return html`<section class="card" id="preview" aria-labelledby="previewed-heading" tabindex="-1">
    <h3 id="previewed-heading">
      <a href=${`/records/${record.id}`}>${bdi(record.title)}</a>, before and after
    </h3>
    <p class="hint">Nothing is saved by this.</p>
    ${
      differs
        ? null
        : notice(
            'quiet',
            'Its text stays as it is',
            'These rules and the present ones make the same of this page.',
          )
    }
    ${cut ? html`<p class="hint">Only the first 50,000 characters are compared and shown.</p>` : null}
    <div class="compared-texts">
      ${side('By the present rules', changes, 'removed')} ${side('By the rules above', changes, 'added')}
    </div>
    ${
      names.length === 0
        ? null
        : html`<div class="table-scroll" tabindex="0" role="region" aria-label="Fields, before and after">
            <table>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                </tr>
              </thead>
              <tbody>
                ${names.map(
                  (name) =>
                    html`<tr>
                      <th scope="row">${bdi(name)}</th>
                      <td>${valueOf(before, name)}</td>
                      <td>${valueOf(after, name)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

function side(heading: string, changes: ContentPreview['changes'], own: 'removed' | 'added'): Html {
  const shown = changes.filter(({ kind }) => kind === 'same' || kind === own);
  const element = own === 'removed' ? 'del' : 'ins';
  return html`<div>
    <h4>${heading}</h4>
    <pre tabindex="0" role="region" aria-label=${heading} dir="auto"><code>${shown.map(({ kind, text }) =>
      kind === 'same' ? text : element === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`,
    )}</code></pre>
    ${shown.length === 0 ? html`<p class="muted">Nothing is left of its text.</p>` : null}
  </div>`;
}

function valueOf({ fields }: ContentPreview['before'], name: string): Html {
  return Object.hasOwn(fields, name) ? fieldWords(fields[name]) : html`<span class="muted">not there</span>`;
}
