import type { ConnectionView } from '../../../server/views.ts';
import type { SiteGroup } from '../../../store/site-groups.ts';
import { badge } from '../../components/badge.ts';
import { csrfField } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import { count } from '../../time.ts';

/** The groups that the settings name, by id; one that the site no longer has is absent. */
export type MappedGroups = ReadonlyMap<string, SiteGroup>;

interface SectionView {
  csrfToken: string;
  connection: ConnectionView;
  mapped: MappedGroups;
}

/** Which groups make their members administrators, or members. */
export function groupRolesSection({ csrfToken, connection, mapped }: SectionView): Html {
  const roles = Object.entries(connection.settings.permissions?.groupRoles ?? {});
  return html`<section class="card" aria-labelledby="roles">
    <h2 id="roles">Roles by group</h2>
    <div class="prose">
      <p>
        Members of these groups have at least this role in Sluice. Who leaves the group in Atlassian loses the
        role with the next request after that was read here; roles given under
        <a href="/settings/users">Users</a> stay. A group makes nobody an administrator by an email alone: it
        takes an own consent, a sign-in with Atlassian, or an administrator’s word.
      </p>
      <p>
        ${
          roles.length === 0
            ? 'No group is mapped: whoever reaches this site and signs in with Atlassian becomes a member.'
            : 'Signing in with Atlassian makes members only of people in these groups. Others are added under Users.'
        }
      </p>
    </div>
    ${
      roles.length === 0
        ? null
        : html`<div class="table-scroll" tabindex="0" role="region" aria-label="Roles by group">
            <table class="cards">
              <thead>
                <tr>
                  <th scope="col">Group</th>
                  <th scope="col">Members</th>
                  <th scope="col">Role</th>
                  <th scope="col">Change</th>
                </tr>
              </thead>
              <tbody>
                ${roles.map(([groupId, role]) => {
                  const group = mapped.get(groupId);
                  return html`<tr>
                    <td>${groupName(groupId, group)}</td>
                    <td data-label="Members">${memberCount(group)}</td>
                    <td data-label="Role">${role === 'administrator' ? 'Administrator' : 'Member'}</td>
                    <td>
                      ${button({
                        action: `/connections/${connection.id}/permissions/roles`,
                        csrfToken,
                        fields: { groupId, role: 'none' },
                        label: 'Remove',
                        about: `the role of ${group?.name ?? groupId}`,
                      })}
                    </td>
                  </tr>`;
                })}
              </tbody>
            </table>
          </div>`
    }
    <p><a href="#groups">Choose a group</a></p>
  </section>`;
}

/** Named audiences: what their groups alone open can be searched for by name. */
export function audiencesSection(view: SectionView): Html {
  const { csrfToken, connection } = view;
  const audiences = Object.entries(connection.settings.permissions?.audiences ?? {}).sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  return html`<section class="card" aria-labelledby="audiences">
    <h2 id="audiences">Audiences</h2>
    <p class="hint">
      An audience narrows a search to what at least one of its groups alone may see. It never shows anybody
      more. People know the audiences that they belong to; administrators know all of them.
    </p>
    ${audiences.length === 0 ? html`<p class="muted">None yet. Choose a group below and name an audience.</p>` : null}
    ${audiences.map(([name, groups], index) => {
      const post = (what: string) => `/connections/${connection.id}/permissions/audiences/${what}`;
      return html`<article class="stack" aria-labelledby=${`audience-${index}`}>
        <h3 id=${`audience-${index}`}>${bdi(name)}</h3>
        <ul class="plain">
          ${groups.map((groupId) => {
            const group = view.mapped.get(groupId);
            return html`<li class="row-tight wrap">
              <span>${groupName(groupId, group)} <span class="muted">(${memberCount(group)})</span></span>
              ${button({
                action: post('leave'),
                csrfToken,
                fields: { name, groupId },
                label: 'Take out',
                about: `${group?.name ?? groupId} of ${name}`,
              })}
            </li>`;
          })}
        </ul>
        <details>
          <summary>Rename or remove<span class="hidden-visually"> ${name}</span></summary>
          <form class="row end" method="post" action=${post('rename')}>
            ${csrfField(csrfToken)}
            <input type="hidden" name="name" value=${name} />
            <div class="field">
              <label for=${`new-name-${index}`}>New name</label>
              <input
                id=${`new-name-${index}`}
                name="newName"
                value=${name}
                maxlength="60"
                autocomplete="off"
              />
            </div>
            <button type="submit">Rename</button>
          </form>
          ${button({
            action: post('remove'),
            csrfToken,
            fields: { name },
            label: 'Remove this audience',
            about: name,
          })}
        </details>
      </article>`;
    })}
    <p><a href="#groups">Choose a group</a></p>
  </section>`;
}

/** A group by its name, or the id of one that the site no longer has. */
function groupName(groupId: string, group: SiteGroup | undefined): Html {
  if (group !== undefined) return bdi(group.name);
  return html`<code>${groupId}</code> ${badge({ word: 'Gone', tone: 'warning', icon: 'attention' })}`;
}

function memberCount(group: SiteGroup | undefined): string {
  if (group === undefined) return 'gives nothing';
  return group.members === null ? 'members not read yet' : `${count(group.members)} members`;
}

/** A form of one button; `about` tells apart what several buttons of the same words change. */
function button(options: {
  action: string;
  csrfToken: string;
  fields: Record<string, string>;
  label: string;
  about: string;
}): Html {
  return html`<form method="post" action=${options.action}>
    ${csrfField(options.csrfToken)}
    ${Object.entries(options.fields).map(
      ([name, value]) => html`<input type="hidden" name=${name} value=${value} />`,
    )}
    <button class="quiet" type="submit">
      ${options.label}<span class="hidden-visually">: ${options.about}</span>
    </button>
  </form>`;
}
