import { tabRow } from '../../components/tabs.ts';
import { html, type Html } from '../../html.ts';

export type PeopleTab = 'accounts' | 'users' | 'import';

const tabs: [PeopleTab, string, string][] = [
  ['accounts', '/people', 'Atlassian accounts'],
  ['users', '/people/users', 'Users here'],
  ['import', '/people/import', 'Import a table'],
];

export function peopleFrame(current: PeopleTab): Html {
  return html`<div class="page-head">
      <h1>People</h1>
      <p class="muted">Which account of Atlassian is which user here. It decides what each finds.</p>
    </div>
    ${tabRow('People', tabs, current)}`;
}

/** The filters of a list as a query: what is as usual is left out. */
export function queryOf(values: Readonly<Record<string, string | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
