import type { AuditLogView, AuditRecordView } from '../../../server/services/confluence-audit.ts';
import type { ConnectionView } from '../../../server/views.ts';
import { field, select, type FieldErrors } from '../../components/form.ts';
import { emptyState, notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { permissionsFrame } from './permissions-frame.ts';

/** Names of the filter's fields, in the form and in the address. */
export const auditFields = ['from', 'to', 'author', 'object', 'category', 'q'] as const;
export type AuditFields = Record<(typeof auditFields)[number], string>;

export interface ConfluenceAuditView {
  connection: ConnectionView;
  log: AuditLogView;
  records: AuditRecordView[];
  nextCursor: string | null;
  filter: AuditFields;
  errors: FieldErrors;
  now: Date;
}

/** What Confluence's own audit log holds, as far as it was read. */
export function confluenceAuditScreen(view: ConfluenceAuditView): Page {
  const { connection, log, records } = view;
  return {
    title: `Audit log of Confluence – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${permissionsFrame(connection, 'audit')} ${state(view)}
      ${log.state === 'readable' || isFiltered(view) || records.length > 0 ? filterForm(view) : null}
      ${records.length === 0 ? nothing(view) : table(view)}
      <p class="hint">
        What was read is kept until this connection is disconnected, also where Confluence keeps it for a
        shorter time. It tells Sluice what to read next; who may see a page is always read from the page
        itself.
      </p>`,
  };
}

const isFiltered = ({ filter }: ConfluenceAuditView) => auditFields.some((name) => filter[name] !== '');

function state({ connection, log, now }: ConfluenceAuditView): Html {
  if (log.state === 'refused') {
    return notice(
      'warning',
      'The audit log of Confluence cannot be read',
      log.message,
      html`<a class="button" href=${`/connections/${connection.id}/authorize`}>Look at the authorization</a>`,
    );
  }
  if (log.state === 'untried') return null;
  return html`<p class="muted">
    Read up to ${time(log.readUpTo === null ? null : new Date(log.readUpTo), now, 'nothing yet')}, by
    Confluence’s clock.
  </p>`;
}

function filterForm(view: ConfluenceAuditView): Html {
  const { connection, filter, log, errors } = view;
  const base = `/connections/${connection.id}/permissions/audit`;
  const text = (name: 'author' | 'object' | 'q', label: string) =>
    field({ name, label, value: filter[name], errors });
  // What is asked for stays choosable, although no record has it.
  const known = [...new Set([...log.categories, filter.category])].filter((name) => name !== '');
  return html`<form class="row end" method="get" action=${base}>
    ${field({ name: 'from', label: 'From (UTC)', type: 'date', value: filter.from, errors })}
    ${field({ name: 'to', label: 'To (UTC)', type: 'date', value: filter.to, errors })}
    ${text('author', 'Author')} ${text('object', 'About')}
    ${select({
      name: 'category',
      label: 'Category',
      value: filter.category,
      choices: [{ value: '', label: 'All' }, ...known.map((value) => ({ value, label: value }))],
      errors,
    })}
    ${text('q', 'Text')}
    <div class="actions">
      <button type="submit">Filter</button>
      ${isFiltered(view) ? html`<a href=${base}>Show all</a>` : null}
      <a class="button" href=${`${base}.csv${address(filter)}`} download>Export as CSV</a>
    </div>
  </form>`;
}

/** The filter as the query of an address; empty when it filters nothing. */
function address(filter: AuditFields, cursor?: string): string {
  const query = new URLSearchParams(auditFields.map((name) => [name, filter[name]] as [string, string]));
  for (const name of auditFields) if (filter[name] === '') query.delete(name);
  if (cursor !== undefined) query.set('cursor', cursor);
  return query.size === 0 ? '' : `?${query}`;
}

function nothing(view: ConfluenceAuditView): Html {
  if (Object.keys(view.errors).length > 0) return null;
  if (isFiltered(view)) return emptyState('clock', 'No record fits', 'Take a part of the filter away.');
  if (view.log.state === 'refused') return null;
  return view.log.state === 'untried'
    ? emptyState(
        'clock',
        'The audit log has not been read yet',
        'The next permission sync reads it, 90 days back.',
      )
    : emptyState(
        'clock',
        'The audit log holds nothing yet',
        'Changes of permissions, groups, people and spaces in Confluence are listed here.',
      );
}

function table({ records, filter, nextCursor, now }: ConfluenceAuditView): Html {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Audit records">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">About</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          ${records.map(
            (record) =>
              html`<tr>
                <td>${time(new Date(record.at), now)}</td>
                <td data-label="Who">
                  ${bdi(record.author.name || record.author.accountId || '–')}
                  ${
                    record.remoteAddress === ''
                      ? null
                      : html`<br /><span class="hint">from ${record.remoteAddress}</span>`
                  }
                </td>
                <td data-label="What">
                  ${bdi(record.summary)}<br /><span class="hint">${bdi(record.category)}</span>
                  ${record.description === '' ? null : html`<br />${bdi(record.description)}`}
                </td>
                <td data-label="About">${about(record)}</td>
                <td data-label="Change">${changes(record)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      nextCursor === null
        ? null
        : html`<p><a class="button" rel="next" href=${address(filter, nextCursor)}>Older records</a></p>`
    }`;
}

function about({ object, associated, recordId }: AuditRecordView): Html {
  const named = [object, ...associated].filter(({ name }) => name !== '');
  if (named.length === 0) return '–';
  return html`${named.map(
    ({ name, objectType }, index) =>
      html`${index === 0 ? null : html`<br />`}<span class="hint">${objectType} </span>${bdi(name)}`,
  )}
  ${recordId === null ? null : html`<br /><a href=${`/records/${recordId}`}>Open the record</a>`}`;
}

function changes({ changed }: AuditRecordView): Html {
  if (changed.length === 0) return '–';
  return changed.map(
    ({ name, oldValue, newValue }, index) =>
      html`${index === 0 ? null : html`<br />`}<span class="hint">${name}: </span>${value(oldValue)} →
        ${value(newValue)}`,
  );
}

function value(text: string): Html {
  return text === '' ? html`<span class="muted">none</span>` : bdi(text);
}
