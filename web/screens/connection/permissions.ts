import type { ConnectionView } from '../../../server/views.ts';
import { csrfField, errorSummary } from '../../components/form.ts';
import { notice } from '../../components/notice.ts';
import { time } from '../../components/time.ts';
import { html, type Html } from '../../html.ts';
import { icon } from '../../icons.ts';
import type { Page } from '../../layout.ts';
import { promise } from '../../presenters/freshness.ts';
import { duration, plural } from '../../time.ts';
import { groupPicker, type GroupPickerView } from './group-picker.ts';
import { audiencesSection, groupRolesSection, type MappedGroups } from './permissions-groups.ts';
import { permissionsFrame } from './permissions-frame.ts';
import { readingForm, type ReadingValues } from './permissions-reading.ts';

export interface PermissionsView {
  csrfToken: string;
  connection: ConnectionView;
  mapped: MappedGroups;
  picker: GroupPickerView;
  values: ReadingValues;
  errors: Readonly<Record<string, string>>;
  now: Date;
}

/** How a connection's permissions are read, and what its groups mean here. */
export function permissionsScreen(view: PermissionsView): Page {
  const { connection, csrfToken, mapped, picker, errors } = view;
  return {
    title: `Permissions – ${connection.name}`,
    nav: 'connections',
    width: 'wide',
    content: html`${permissionsFrame(connection, 'reading')} ${errorSummary(errors)} ${trouble(view)}
    ${freshness(view)} ${readingForm({ ...view, connectionId: connection.id })}
    ${groupRolesSection({ csrfToken, connection, mapped })}
    ${audiencesSection({ csrfToken, connection, mapped })}
    ${groupPicker({ csrfToken, connection, picker, mapped })}`,
  };
}

function trouble({ connection: { permissions } }: PermissionsView): Html {
  if (permissions.trouble === null) return null;
  return notice(
    'warning',
    'The last permission sync failed',
    html`${permissions.trouble} What was read before stays in force.`,
  );
}

function freshness({ connection, csrfToken, now }: PermissionsView): Html {
  const { permissions } = connection;
  const at = (iso: string | null, absent: string) => time(iso === null ? null : new Date(iso), now, absent);
  return html`<section class="card" aria-labelledby="freshness">
    <h2 id="freshness">${promise(permissions)}</h2>
    <p class="hint">
      Restrictions, space permissions, groups and accounts are read again and again, longest unread first.
      ${
        permissions.promisedSeconds === null
          ? 'How soon a change counts is known after the first permission sync.'
          : 'The time follows from the pace of the last permission sync.'
      }
    </p>
    <dl>
      <dt>Half of the changes</dt>
      <dd>
        ${permissions.p50Seconds === null ? 'none found in 7 days' : `within ${duration(permissions.p50Seconds)}`}
      </dd>
      <dt>95 % of the changes</dt>
      <dd>
        ${
          permissions.p95Seconds === null
            ? 'none found in 7 days'
            : `within ${duration(permissions.p95Seconds)}, of ${plural(permissions.changes, 'change')} in the last 7 days`
        }
      </dd>
      <dt>Longest unread</dt>
      <dd>${at(permissions.oldestReadAt, 'not known yet')}</dd>
      <dt>Last permission sync</dt>
      <dd>${permissions.reading ? 'under way' : at(permissions.readAt, 'none yet')}</dd>
      <dt>Next permission sync</dt>
      <dd>${at(permissions.nextAt, whyNone(connection))}</dd>
      <dt>Cost, last 24 hours</dt>
      <dd>${cost(connection)}</dd>
    </dl>
    ${auditLog(connection)}
    <form method="post" action=${`/connections/${connection.id}/permissions/read`}>
      ${csrfField(csrfToken)}
      <div class="actions">
        <button class="primary" type="submit">${icon('sync')}Read permissions now</button>
        <a href=${`/connections/${connection.id}/runs`}>Runs</a>
      </div>
    </form>
  </section>`;
}

function whyNone({ status }: ConnectionView): string {
  if (status === 'disabled') return 'none while disabled';
  if (status === 'needs_reauth') return 'after you reauthenticate';
  return 'after the first sync';
}

function cost({ permissions: { day }, auth }: ConnectionView): string {
  if (day.runs === 0) return 'nothing yet';
  const spent = auth.method === 'oauth' ? `${plural(day.points, 'point')}, ` : '';
  return `${spent}${plural(day.requests, 'request')} in ${plural(day.runs, 'sync', 'syncs')}`;
}

/** What the log brings, or why it can't be read: then changes wait for their turn. */
function auditLog({ permissions: { auditLog } }: ConnectionView): Html {
  if (auditLog.state === 'readable') {
    return html`<p>
      ${icon('check')} Confluence’s audit log can be read: a change that it tells of is read before its turn.
    </p>`;
  }
  const why =
    auditLog.state === 'untried'
      ? 'It was not asked yet.'
      : (auditLog.message ?? 'The connected account may not: that takes a Confluence administrator.');
  return html`<p>
    ${icon('dot')} Confluence’s audit log is not used, so every change waits for its turn. ${why}
  </p>`;
}
