import type { UnknownValue } from '../../../../server/services/site-lookup.ts';
import type { ListKind } from '../../../../scope/pasted-list.ts';
import { bdi, html, type Html } from '../../../html.ts';
import { icon } from '../../../icons.ts';
import { count, plural } from '../../../time.ts';

const fieldNames: Record<ListKind, string> = {
  spaceKeys: 'Spaces',
  pageIds: 'Pages',
  blogpostIds: 'Blog posts',
  labels: 'Labels',
  authors: 'Authors',
};

/** Values that are told one by one. */
const mostTold = 50;

/** Within the form: names what the site does not know, and saves it all the same where that is wanted. */
export function unknownNotice(unknown: readonly UnknownValue[]): Html {
  if (unknown.length === 0) return null;
  const more = unknown.length - mostTold;
  return html`<div class="notice warning error-summary" role="alert" tabindex="-1">
    ${icon('attention')}
    <div>
      <p class="notice-title">
        ${
          unknown.length === 1
            ? 'One entry is not known to the site. Nothing is saved yet.'
            : `${count(unknown.length)} entries are not known to the site. Nothing is saved yet.`
        }
      </p>
      <ul>
        ${unknown
          .slice(0, mostTold)
          .map(
            ({ field, value, why }) =>
              html`<li>
                <a href=${`#${field}`}>${fieldNames[field]}</a>: <code>${bdi(value)}</code>. ${why}
              </li>`,
          )}
        ${more > 0 ? html`<li>And ${plural(more, 'more entry', 'more entries')}.</li>` : null}
      </ul>
      <p>
        Correct them below, or save anyway: they change nothing now, and count from the moment on at which the
        account of this connection can see what they name.
      </p>
      <div class="actions">
        <button type="submit" name="anyway" value="yes">Save anyway</button>
      </div>
    </div>
  </div>`;
}
