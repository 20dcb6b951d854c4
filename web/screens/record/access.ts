import type { AccessAnswer } from '../../../server/api/present-access.ts';
import { html, type Html } from '../../html.ts';
import { verdictPart, type Asker } from './verdict.ts';

/** Why one person can or cannot see a record: the explanation that the API gives, too. */
export type AccessView = AccessAnswer;

const headings: Record<Asker, string> = {
  administrator: 'Who may see it',
  member: 'Why you see it',
  somebody: 'Why this person sees it',
};

/**
 * The part of a record's page that explains. An administrator chooses the person.
 * @param unknown an email that was asked about and that no user here has
 */
export function accessPart(options: {
  recordId: string;
  access: AccessView;
  asker: Asker;
  unknown: string | null;
  now: Date;
}): Html {
  const { recordId, access, asker, unknown, now } = options;
  return html`<section class="card" aria-labelledby="access">
    <h2 id="access">${headings[asker]}</h2>
    ${asker === 'administrator' ? personForm(recordId, access.user.email, unknown) : null}
    ${verdictPart(access, asker, now)}
  </section>`;
}

function personForm(recordId: string, email: string, unknown: string | null): Html {
  return html`<form class="row end" method="get" action=${`/records/${recordId}#access`}>
    <div class=${unknown === null ? 'field grow' : 'field grow has-error'}>
      <label for="user">Email of a person</label>
      ${unknown === null ? null : html`<p class="field-error" id="user-error">There is no user here with this email.</p>`}
      <input
        id="user"
        name="user"
        value=${unknown ?? email}
        aria-invalid=${unknown === null ? undefined : 'true'}
        aria-describedby=${unknown === null ? undefined : 'user-error'}
        inputmode="email"
        autocomplete="off"
      />
    </div>
    <button type="submit">Explain</button>
  </form>`;
}
