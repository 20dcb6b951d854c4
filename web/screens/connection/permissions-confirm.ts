import type { ConnectionView } from '../../../server/views.ts';
import type { SiteGroup } from '../../../store/site-groups.ts';
import type { VisitorReach } from '../../../store/visitor-reach.ts';
import { csrfField } from '../../components/form.ts';
import { bdi, html, type Html } from '../../html.ts';
import type { Page } from '../../layout.ts';
import { count, plural } from '../../time.ts';

/** Asks before everybody who can sign in sees what a site shows to visitors. */
export function confirmVisitorsScreen(view: {
  csrfToken: string;
  connection: ConnectionView;
  reach: VisitorReach;
  fields: Record<string, string>;
}): Page {
  const { connection, reach } = view;
  return question({
    ...view,
    title: 'Show to everyone what the site shows to visitors?',
    action: `/connections/${connection.id}/permissions`,
    button: 'Show it to everyone',
    body: html`<p>
        ${
          reach.records === 0
            ? 'Nothing that is stored now is open to anonymous users on this site. What is opened to them later becomes visible'
            : html`${plural(reach.records, 'record')} in ${plural(reach.spaces, 'space')} that anonymous users
              may view on this site become visible`
        }
        to everybody who can sign in here: now ${plural(reach.people, 'person', 'people')}, also those without
        an account on the site.
      </p>
      <ul>
        <li>
          Pages with a view restriction stay hidden, and so do spaces that are not open to anonymous users.
        </li>
        <li>Spaces that are opened to anonymous users in Confluence from now on open here, too.</li>
        <li>It counts once a permission sync has found that the site as a whole lets anonymous users in.</li>
        <li>Nothing becomes visible without signing in to Sluice.</li>
      </ul>`,
  });
}

/** Asks before a group administers. */
export function confirmAdministratorsScreen(view: {
  csrfToken: string;
  connection: ConnectionView;
  group: SiteGroup;
  fields: Record<string, string>;
}): Page {
  const { connection, group } = view;
  const now =
    group.members === null
      ? 'whose members were not read yet'
      : `now ${count(group.members)} ${group.members === 1 ? 'person' : 'people'}`;
  return question({
    ...view,
    title: 'Let this group administer Sluice?',
    action: `/connections/${connection.id}/permissions/roles`,
    button: 'Let it administer',
    body: html`<p>
        Everybody in group <strong>${bdi(group.name)}</strong>, ${now}, can administer Sluice; whoever manages
        that group in Atlassian decides.
      </p>
      <ul>
        <li>
          An administrator manages every connection, all users and their keys, and sees every record’s title.
        </li>
        <li>It counts for people whose Atlassian account is proven, not for those matched by email alone.</li>
        <li>
          Signing in with Atlassian makes users only of people in the groups that are mapped to a role on this
          connection.
        </li>
      </ul>`,
  });
}

function question(options: {
  csrfToken: string;
  connection: ConnectionView;
  fields: Record<string, string>;
  title: string;
  action: string;
  button: string;
  body: Html;
}): Page {
  const back = `/connections/${options.connection.id}/permissions`;
  return {
    title: options.title,
    nav: 'connections',
    content: html`<div class="page-head">
        <p class="crumbs"><a href=${back}>${bdi(options.connection.name)}</a></p>
        <h1>${options.title}</h1>
      </div>
      <div class="card">
        ${options.body}
        <form class="stack" method="post" action=${options.action}>
          ${csrfField(options.csrfToken)}
          ${Object.entries({ ...options.fields, confirmed: 'yes' }).map(
            ([name, value]) => html`<input type="hidden" name=${name} value=${value} />`,
          )}
          <div class="actions">
            <button class="danger" type="submit">${options.button}</button>
            <a href=${back}>Leave it as it is</a>
          </div>
        </form>
      </div>`,
  };
}
