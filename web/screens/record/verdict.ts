import type { AccessAnswer } from '../../../server/api/present-access.ts';
import { badge } from '../../components/badge.ts';
import { time } from '../../components/time.ts';
import { bdi, html, type Html } from '../../html.ts';
import { matchedBy } from '../../presenters/person.ts';
import { icon } from '../../icons.ts';
import { layersTable } from './layers.ts';

/** Who asks: an administrator, somebody about him- or herself, or an administrator through somebody's eyes. */
export type Asker = 'administrator' | 'member' | 'somebody';

/** Whether a person may see one record, and why: each layer, what else is in the way, and how fresh that is. */
export function verdictPart(access: AccessAnswer, asker: Asker, now: Date): Html {
  const who = asker === 'member' ? 'You' : access.user.email;
  const state = access.visible
    ? ({ word: 'Visible', tone: 'good', icon: 'check' } as const)
    : ({ word: 'Hidden', tone: 'bad', icon: 'lock' } as const);
  return html`<p>
      ${badge(state)}${' '}
      <strong>${bdi(who)} ${access.visible ? 'may see it.' : 'may not see it.'}</strong>${' '}
      <span>${asker === 'member' ? 'Every layer admits you.' : bdi(access.reason)}</span>
    </p>
    ${matchPart(access)} ${obstacles(access.obstacles)} ${layersTable(access.layers, access.nextReadAt, now)}
    <p class="hint">
      ${
        access.placesReadAt === null
          ? null
          : html`Its own restriction and those above it were read ${time(new Date(access.placesReadAt), now)}
            or later. `
      }
      ${freshness(access, now)}
    </p>`;
}

function matchPart({ match, visible, accountId }: AccessAnswer): Html {
  if (match === null) return null;
  if (match.accounts.length === 0) {
    return visible
      ? null
      : html`<p>${match.reason} ${match.remedy === null ? null : html`${' '}${match.remedy}`}</p>`;
  }
  const account = match.accounts.find((one) => one.accountId === accountId);
  if (account === undefined) return null;
  return html`<p>
    Known as the Atlassian account ${bdi(account.name || account.accountId)}, ${matchedBy(account.source)}.
  </p>`;
}

function obstacles(found: AccessAnswer['obstacles']): Html {
  if (found.length === 0) return null;
  return html`<ul class="layers" aria-label="What is in the way">
    ${found.map(
      ({ message, hides }) =>
        html`<li class=${hides ? 'tone-bad' : 'tone-warning'}>
          ${icon(hides ? 'lock' : 'attention')}
          <span>${bdi(message)}</span>
        </li>`,
    )}
  </ul>`;
}

/** When permissions were read, and how soon a change counts. */
export function freshness(times: Pick<AccessAnswer, 'readAt' | 'promisedSeconds'>, now: Date): Html {
  const read =
    times.readAt === null
      ? 'No run has read all permissions yet.'
      : html`All permissions were read ${time(new Date(times.readAt), now)}.`;
  if (times.promisedSeconds === null) return read;
  const minutes = Math.max(1, Math.ceil(times.promisedSeconds / 60));
  return html`${read} A change in Atlassian counts here within
  ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
