import { csrfField, field, radios, type FieldErrors } from '../../components/form.ts';
import { html, type Html } from '../../html.ts';

/** As typed into the form. */
export interface ReadingValues {
  intervalMinutes: string;
  comparedPairs: string;
  anonymousAccess: 'members' | 'everyone';
}

/** How often permissions are read and compared, and what anonymous access means here. */
export function readingForm(view: {
  csrfToken: string;
  connectionId: string;
  values: ReadingValues;
  errors: FieldErrors;
}): Html {
  const { csrfToken, connectionId, values, errors } = view;
  return html`<section class="card" aria-labelledby="reading">
    <h2 id="reading">How they are read</h2>
    <form class="stack" method="post" action=${`/connections/${connectionId}/permissions`} novalidate>
      ${csrfField(csrfToken)}
      ${field({
        name: 'intervalMinutes',
        label: 'Permission sync every … minutes',
        type: 'number',
        inputmode: 'numeric',
        value: values.intervalMinutes,
        errors,
        min: 5,
        max: 10_080,
        hint: '5 to 10,080 (a week). It runs beside the sync of content, also where that is started by hand.',
      })}
      ${field({
        name: 'comparedPairs',
        label: 'Compared with Confluence each night',
        type: 'number',
        inputmode: 'numeric',
        value: values.comparedPairs,
        errors,
        min: 0,
        max: 2_000,
        hint: 'Pairs of a person and a page, 0 to 2,000. Each is one request and three points.',
      })}
      ${radios({
        name: 'anonymousAccess',
        legend: 'What the site shows without signing in',
        value: values.anonymousAccess,
        errors,
        choices: [
          {
            value: 'members',
            label: 'Members of the site only',
            hint: 'Whoever has no account on the site sees nothing of it here.',
          },
          {
            value: 'everyone',
            label: 'Everyone who can sign in here',
            hint: 'Spaces that are open to anonymous users are open to all people of Sluice, with or without an Atlassian account.',
          },
        ],
      })}
      <div class="actions"><button class="primary" type="submit">Save</button></div>
    </form>
  </section>`;
}
