import type { ConfluencePage } from '../../atlassian/confluence/types.ts';
import type { RemovalCause } from '../../store/schema.ts';
import type { VanishedRow } from '../../store/vanished-read.ts';
import { takeIn } from '../changes/take-in.ts';
import type { SyncContext } from '../context.ts';
import { askInEveryStatus } from './ask.ts';
import { showAgain } from './show-again.ts';
import { standingsOf } from './standings.ts';
import { verdictOf } from './verdict.ts';

export interface Weighed {
  externalId: string;
  cause: RemovalCause | null;
}

/**
 * Asks for pages or blog posts that did not show, by id and in every status. What is there is shown again; of the rest
 * it is told why it is gone, or that it is not known.
 */
export async function weighContent(
  context: SyncContext,
  kind: 'page' | 'blogpost',
  rows: readonly VanishedRow[],
): Promise<Weighed[]> {
  const asOf = context.askedAt();
  const answers = await askInEveryStatus(
    context,
    kind,
    rows.map(({ externalId }) => externalId),
  );
  context.checkpointReached(`${kind}s that did not show, ${rows.length} more`);
  const present = [...answers.values()].filter(({ status }) => status === 'current');
  const absent = rows.filter(({ externalId }) => !answers.has(externalId));
  const standings = await standingsOf(context, [
    ...present.map((page) => page.spaceId),
    ...absent.map((row) => row.spaceId),
  ]);
  const weighed: Weighed[] = [];
  const same: ConfluencePage[] = [];
  const changed: string[] = [];
  for (const row of rows) {
    const answer = answers.get(row.externalId);
    const spaceId = answer === undefined ? row.spaceId : answer.spaceId;
    const verdict = verdictOf(row.evidence, answer, standings.get(spaceId ?? '') ?? 'unknown');
    if (verdict.is !== 'there')
      weighed.push({ externalId: row.externalId, cause: verdict.is === 'gone' ? verdict.cause : null });
    else if (answer !== undefined && isSame(row, answer)) same.push(answer);
    else changed.push(row.externalId);
  }
  await showAgain(context, same, asOf);
  if (changed.length > 0) await takeIn(context, changed, kind);
  return weighed;
}

function isSame(row: VanishedRow, answer: ConfluencePage): boolean {
  return (
    row.version === answer.version.number &&
    row.title === answer.title &&
    row.parentId === answer.parentId &&
    row.spaceId === answer.spaceId
  );
}
