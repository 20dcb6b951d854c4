import type { ConnectionView } from '../../../server/views.ts';
import type { SiteGroup } from '../../../store/site-groups.ts';
import { csrfField } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import { count } from '../../time.ts';
import type { MappedGroups } from './permissions-groups.ts';

export interface GroupPickerView {
  /** What was typed; empty lists the first groups by name. */
  named: string;
  groups: SiteGroup[];
  /** There are more than are shown. */
  more: boolean;
}

/** The groups of a site, found by name, each with what it can be made here. */
export function groupPicker(view: {
  csrfToken: string;
  connection: ConnectionView;
  picker: GroupPickerView;
  mapped: MappedGroups;
}): Html {
  const { connection, picker } = view;
  const base = `/connections/${connection.id}/permissions`;
  const audiences = Object.keys(connection.settings.permissions?.audiences ?? {});
  return html`<section class="card" aria-labelledby="groups">
    <h2 id="groups">Groups of this site</h2>
    <form class="row end" method="get" action=${`${base}#groups`}>
      <div class="field grow">
        <label for="group">Name of a group</label>
        <input
          id="group"
          name="group"
          type="search"
          value=${picker.named}
          autocomplete="off"
          spellcheck="false"
          hx-get=${base}
          hx-trigger="input changed delay:150ms"
          hx-target="#groups-found"
          hx-select="#groups-found"
          hx-swap="outerHTML"
          hx-sync="this:replace"
        />
      </div>
      <button type="submit">Find</button>
    </form>
    <datalist id="audience-names">${audiences.map((name) => html`<option value=${name}></option>`)}</datalist>
    <div id="groups-found" class="stack">
      <p class="muted" role="status">${found(picker)}</p>
      ${picker.groups.length === 0 ? null : table(view)}
    </div>
  </section>`;
}

function found({ groups, more, named }: GroupPickerView): string {
  if (groups.length > 0)
    return more ? `The first ${groups.length} groups; type more of the name to see others.` : '';
  return named === ''
    ? 'The groups of the site are known after the first sync.'
    : 'No group has this in its name.';
}

function table({ csrfToken, connection, picker }: Parameters<typeof groupPicker>[0]): Html {
  const base = `/connections/${connection.id}/permissions`;
  const roles = connection.settings.permissions?.groupRoles ?? {};
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Groups of this site">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Group</th>
          <th scope="col">Members</th>
          <th scope="col">Role in Sluice</th>
          <th scope="col">Audience</th>
        </tr>
      </thead>
      <tbody>
        ${picker.groups.map(
          (group, index) =>
            html`<tr>
              <td>
                ${bdi(group.name)}${group.opensProduct ? html`<br /><span class="muted">opens Confluence</span>` : null}
              </td>
              <td data-label="Members">${group.members === null ? 'not read yet' : count(group.members)}</td>
              <td data-label="Role in Sluice">
                <form class="row-tight wrap pick" method="post" action=${`${base}/roles`}>
                  ${csrfField(csrfToken)}
                  <input type="hidden" name="groupId" value=${group.groupId} />
                  <select name="role" aria-label=${`Role of ${group.name}`}>
                    ${[
                      ['none', 'No role'],
                      ['member', 'Member'],
                      ['administrator', 'Administrator'],
                    ].map(
                      ([value, label]) =>
                        html`<option value=${value} selected=${value === (roles[group.groupId] ?? 'none')}>
                          ${label}
                        </option>`,
                    )}
                  </select>
                  <button type="submit" aria-label=${`Give this role: ${group.name}`}>Give</button>
                </form>
              </td>
              <td data-label="Audience">
                <form class="row-tight wrap pick" method="post" action=${`${base}/audiences/join`}>
                  ${csrfField(csrfToken)}
                  <input type="hidden" name="groupId" value=${group.groupId} />
                  <input
                    name="name"
                    id=${`audience-of-${index}`}
                    aria-label=${`Audience for ${group.name}`}
                    placeholder="Name"
                    list="audience-names"
                    autocomplete="off"
                    maxlength="60"
                    required
                  />
                  <button type="submit" aria-label=${`Add to this audience: ${group.name}`}>Add</button>
                </form>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
