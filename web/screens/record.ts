import type { Hit } from '../../search/types.ts';
import type { AttachmentText } from '../../store/attachment-texts.ts';
import type { RecordRow } from '../../store/records-read.ts';
import { fieldWords } from '../components/field-words.ts';
import { notice } from '../components/notice.ts';
import { time } from '../components/time.ts';
import { bdi, html, safeUrl, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import type { Page } from '../layout.ts';
import { markdown, previewLength } from '../markdown/blocks.ts';
import { fileTextNotice } from '../presenters/file-text.ts';
import { placesBelow, recordKind } from '../presenters/record.ts';
import { accessPart, type AccessView } from './record/access.ts';
import { recordActions, recordEvidence, type RecordHandling } from './record/handling.ts';
import type { Asker } from './record/verdict.ts';
import { recordsBase } from './records/address.ts';
import { stateCell } from './records/state-cell.ts';

export interface RecordView {
  record: Omit<RecordRow, 'containerTitle' | 'raw' | 'fieldSources'> & { fields: Hit['fields'] };
  /** Of an attachment: what is known of its file's text. */
  fileText?: AttachmentText | null;
  access: AccessView;
  asker: Asker;
  /** An email that was asked about and that no user here has. */
  unknownPerson: string | null;
  /** For administrators. */
  handling?: RecordHandling | null;
  now: Date;
}

export function recordScreen(view: RecordView): Page {
  const { record, fileText, access, asker, unknownPerson, handling = null, now } = view;
  const kind = recordKind(record.type);
  const url = safeUrl(record.url);
  return {
    title: record.title,
    nav: 'search',
    content: html`<div class="page-head">
        <ol class="crumbs" aria-label="Where it is">
          ${handling === null ? null : html`<li><a href=${recordsBase(handling.connection.id)}>${bdi(handling.connection.name)}</a></li>`}
          ${record.space === null ? null : html`<li>${bdi(record.space.name)}</li>`}
          ${placesBelow(record.space, record.ancestors).map((place) => html`<li><a href=${`/records/${place.id}`}>${bdi(place.title)}</a></li>`)}
        </ol>
        <h1>${bdi(record.title)}</h1>
        <p class="meta">
          <span>${icon(kind.icon)} ${kind.word}</span>
          ${record.author === null || record.author.name === '' ? null : html`<span>${bdi(record.author.name)}</span>`}
          ${
            record.modifiedAt === null
              ? null
              : html`<span>changed ${time(new Date(record.modifiedAt), now)}</span>`
          }
          ${handling !== null || record.state === 'indexed' ? null : html`<span>${stateCell(record)}</span>`}
        </p>
        ${
          url === null
            ? null
            : html`<p class="actions">
                <a class="button primary" href=${url} rel="noreferrer"
                  >Open in Atlassian ${icon('external')}</a
                >
              </p>`
        }
      </div>
      ${handling === null ? null : recordActions(record, handling)} ${body(record, fileText ?? null)}
      ${details(record, now)}
      ${accessPart({ recordId: record.id, access, asker, unknown: unknownPerson, now })}
      ${handling === null ? null : recordEvidence(record, handling, now)}`,
  };
}

function body(record: RecordView['record'], fileText: AttachmentText | null): Html {
  if (!record.readable) {
    return notice(
      'quiet',
      'You may not see the content of this record',
      'As an administrator you see that it is here and who may read it. What it says is for those who may open it in Atlassian.',
    );
  }
  const text = record.markdown ?? '';
  const missing = fileText === null ? null : fileTextNotice(fileText);
  if (missing !== null && text.trim() === '') return notice(missing.tone, missing.title, missing.words);
  return html`<section class="card" aria-labelledby="content-heading">
    <h2 id="content-heading">Content</h2>
    ${text.trim() === '' ? html`<p class="muted">It has no text.</p>` : markdown(text)}
    ${text.length > previewLength ? html`<p class="hint">The rest is in Atlassian.</p>` : null}
    ${fileText?.truncated === true ? html`<p class="hint">The file is longer than what is searched of it.</p>` : null}
  </section>`;
}

function details(record: RecordView['record'], now: Date): Html {
  return html`<section class="card" aria-labelledby="details">
    <h2 id="details">Details</h2>
    <dl>
      ${record.space === null ? null : row('Space', html`${bdi(record.space.name)} (${record.space.key})`)}
      ${
        record.labels.length === 0
          ? null
          : row(
              'Labels',
              html`<ul class="chips">
                ${record.labels.map((label) => html`<li><span class="chip">${bdi(label)}</span></li>`)}
              </ul>`,
            )
      }
      ${record.createdAt === null ? null : row('Created', time(new Date(record.createdAt), now))}
      ${record.modifiedAt === null ? null : row('Changed', time(new Date(record.modifiedAt), now))}
      ${row('Version', String(record.version))}
      ${Object.entries(record.fields).map(([name, value]) => row(html`Field ${bdi(name)}`, fieldWords(value)))}
      ${row('Id in Atlassian', html`<code>${record.externalId}</code>`)}
    </dl>
  </section>`;
}

function row(name: Html, value: Html): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}
