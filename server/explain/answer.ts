import { loadAbsence } from '../../store/explain-absence.ts';
import { loadPerson } from '../../store/explain-person.ts';
import type { Db } from '../../store/schema.ts';
import { parseItem, type AskedItem } from './asked-item.ts';
import { describeAccess, type Person } from './describe.ts';
import { findItems } from './find.ts';
import { loadTimes, unknownTimes } from './freshness.ts';
import { hiddenReasons, hiddenRemedies, nothingFound } from './words.ts';

export interface Question {
  /** An address, an id or a title, as somebody typed it. */
  item: string;
  person: Person;
  /** Only of this connection. */
  connectionId: string | undefined;
  /** Asked by an administrator, who is told what is there; else by the person about him- or herself. */
  everything: boolean;
  /** Who asks: decides which records are found. */
  viewer: Person;
  publicUrl: string;
}

export type ExplainAnswer = Awaited<ReturnType<typeof answerQuestion>>;

/**
 * Why a person can or cannot see what was asked about. To everybody but administrators the answer for what does not
 * exist, is not stored and may not be seen is one and the same, by the same statements: it depends on the person alone.
 */
export async function answerQuestion(db: Db, question: Question) {
  const { person, viewer, everything, connectionId } = question;
  const asked = parseItem(question.item, question.publicUrl);
  const { rows, more } = await findItems(db, viewer, asked, { everything, connectionId });
  const sites = await loadSites(db, person, everything);
  const items = rows.length === 0 ? [] : await describeAccess(db, rows, person, everything);
  const absence =
    everything && items.length === 0 ? await loadAbsence(db, absent(asked, connectionId ?? null)) : [];
  const found = items.length > 0;
  return {
    user: { email: person.email },
    asked: asked.as,
    visible: found && items.every((item) => item.visible),
    reason: found ? summary(items) : everything ? 'Nothing like this is stored here.' : nothingFound,
    items,
    more,
    absence,
    possibleReasons: found || everything ? [] : hiddenReasons,
    sites,
    remedies: found || everything ? [] : hiddenRemedies(sites),
  };
}

function summary(items: { visible: boolean; reason: string }[]): string {
  const [first] = items;
  if (items.length === 1 && first !== undefined) return first.reason;
  const visible = items.filter((item) => item.visible).length;
  return `${items.length} items match; the person may see ${visible} of them.`;
}

/** Who the person is on each site, and how fresh what is known there is; to others than administrators only their own. */
async function loadSites(db: Db, person: Person, everything: boolean) {
  const matches = await loadPerson(db, person);
  const times = await loadTimes(
    db,
    matches.map((site) => site.connectionId),
  );
  return matches
    .filter((site) => everything || site.accounts.length > 0)
    .map(({ remedy, ...site }) => {
      const read = times.get(site.connectionId) ?? unknownTimes;
      return { ...site, remedy: everything ? remedy : null, ...read };
    });
}

function absent(asked: AskedItem, connectionId: string | null) {
  const { as, host, externalIds = [], recordId, spaceKey, containerId, title } = asked;
  const names = [externalIds.length > 0, recordId, spaceKey, containerId, title].some(
    (one) => one !== undefined && one !== false,
  );
  return {
    unreadable: as === 'url' && !names,
    host: host ?? null,
    connectionId,
    externalIds,
    spaceKey: spaceKey ?? null,
    title: title ?? null,
  };
}
