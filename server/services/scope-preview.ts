import type { Kysely } from 'kysely';
import { Conflict } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { isSelective } from '../../scope/decide.ts';
import type { Reason } from '../../scope/reasons.ts';
import type { Wanted } from '../../scope/wanted.ts';
import { loadPastRuns, loadQuota } from '../../store/forecast.ts';
import { hasWholeReading } from '../../store/run-requests.ts';
import type { Connection, Database, RecordKind } from '../../store/schema.ts';
import { eachFacts } from '../../store/scope-facts.ts';
import { loadRecordSamples, loadStoredScope, type RecordSample } from '../../store/scope-preview.ts';
import { loadWanted } from '../../store/scope-wanted.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import type { Settings } from '../settings.ts';
import { existingConnection } from './connection-rows.ts';
import { presentQuota, usualRequestsPerSecond, type QuotaView } from './forecast.ts';
import { durationOf } from './forecast-cost.ts';
import { changeCost, type Newcomers } from './preview/cost.ts';
import { findNew, mayBringNew, type FoundNew, type StoredScope } from './preview/newcomers.ts';
import { emptyTally, sumOf, tally, type KindTally, type Tally } from './preview/tally.ts';
import { whyUnread, type ReadSite } from './site-reader.ts';

/** Whoever looks at the page waits at most so long for what is stored, and as long again for the site. */
const usualPatienceMs = 8_000;
const recordsAtOnce = 5_000;
const mostSpacesNamed = 20;
/** As before removals that nobody asked for (activities/removal/brake.ts): below this a share says nothing. */
const askFrom = 20;
const usualAskAbove = 30;

/** What other settings would change, before they are saved. */
export interface ScopePreviewView {
  /** false: there was no time to look at everything that is stored; its counts are then at least so many. */
  complete: boolean;
  /** Of what is stored. */
  stored: KindTally;
  kinds: (KindTally & { kind: RecordKind })[];
  /** What would be removed, by the rule that leaves it out; most first. */
  removedBy: { reason: Reason; records: number }[];
  /** What would be added, by the rule that leaves it out now; null: by a rule that is not noted. */
  addedBy: { reason: Reason | null; records: number }[];
  samples: { added: RecordSample[]; removed: RecordSample[] };
  /** What is not stored yet: estimates by the site's own counts. */
  site: {
    state: 'not_needed' | 'counted' | 'unreachable';
    /** Why it could not be counted. */
    message: string | null;
    /** Filters that look at each page apply to these counts too: at most so many would come. */
    atMost: boolean;
    new: Newcomers;
    /** The first of the new spaces. */
    spaces: { key: string; name: string }[];
  };
  /** Set where much would be removed: in words. */
  warning: string | null;
  /** What the sync that follows asks of Atlassian; an estimate. */
  cost: { requests: number; points: number; minutes: number; waits: number };
  quota: QuotaView | null;
  /** A full sync has succeeded; without one, nothing is stored that could be compared. */
  synced: boolean;
  settingsVersion: number;
}

export interface ScopePreviewService {
  /** Stores nothing. @throws Conflict `not_ready` before the connection is authorized */
  preview(actor: Actor, connectionId: string, settings: Settings): Promise<ScopePreviewView>;
}

export function createScopePreviewService(deps: {
  db: Kysely<Database>;
  readSite: ReadSite;
  log: Logger;
  now?: () => Date;
  patienceMs?: number;
}): ScopePreviewService {
  const { db, readSite, log } = deps;
  const now = deps.now ?? (() => new Date());
  const patienceMs = deps.patienceMs ?? usualPatienceMs;

  async function tallyStored(connectionId: string, wanted: Wanted) {
    const counts = emptyTally();
    const deadline = Date.now() + patienceMs;
    let complete = true;
    await eachFacts(
      db,
      connectionId,
      wanted,
      (batch) => {
        tally(counts, wanted, batch);
        if (Date.now() <= deadline) return true;
        complete = batch.length < recordsAtOnce;
        return false;
      },
      { batch: recordsAtOnce },
    );
    return { counts, complete };
  }

  async function askSite(connection: Connection, before: Wanted, after: Wanted, stored: StoredScope) {
    if (!mayBringNew(before, after, stored))
      return { state: 'not_needed', message: null, found: null } as const;
    try {
      const found = await readSite(connection, (reader) => findNew(reader, before, after, stored), {
        withinMs: patienceMs,
      });
      return { state: 'counted', message: null, found } as const;
    } catch (error) {
      const message = whyUnread(error);
      if (message === null) throw error;
      log.info({ connection: connection.id, err: error }, 'A site could not be counted for a preview.');
      return { state: 'unreachable', message, found: null } as const;
    }
  }

  return {
    async preview(actor, connectionId, settings) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      if (connection.status === 'draft') {
        const message = `"${connection.name}" is not authorized yet. Complete the Authorize tab first.`;
        throw new Conflict('not_ready', message);
      }
      const { id } = connection;
      const asStored = JSON.parse(JSON.stringify(settings)) as Connection['settings'];
      const [before, after, stored, synced, past, quota] = await Promise.all([
        loadWanted(db, id, connection.settings),
        loadWanted(db, id, asStored),
        loadStoredScope(db, id),
        hasWholeReading(db, id),
        loadPastRuns(db, id, 'full'),
        loadQuota(db, connection),
      ]);
      const [{ counts, complete }, asked] = await Promise.all([
        tallyStored(id, after),
        askSite(connection, before, after, stored),
      ]);
      const taken = takenIn(counts, asked.found);
      const cost = changeCost(taken);
      const pace = {
        requestsPerSecond: past?.requestsPerSecond ?? usualRequestsPerSecond,
        requestsPerMinute: settings.sync?.requestsPerMinute ?? null,
        quota,
      };
      const sum = sumOf(counts);
      const [added, removed] = await Promise.all([
        loadRecordSamples(db, id, counts.samples.added),
        loadRecordSamples(db, id, counts.samples.removed),
      ]);
      const { ofNewSpaces, ofNewKinds } = taken;
      return {
        complete,
        stored: sum,
        kinds: [...counts.kinds].map(([kind, one]) => ({ kind: kind as RecordKind, ...one })).sort(byName),
        removedBy: mostFirst(counts.removed),
        addedBy: mostFirst(counts.added),
        samples: { added, removed },
        site: {
          state: asked.state,
          message: asked.message,
          atMost: isSelective(after),
          new: {
            spaces: ofNewSpaces.spaces,
            pages: ofNewSpaces.pages + ofNewKinds.pages,
            blogposts: ofNewSpaces.blogposts + ofNewKinds.blogposts,
            comments: ofNewSpaces.comments + ofNewKinds.comments,
            attachments: ofNewSpaces.attachments + ofNewKinds.attachments,
          },
          spaces: (asked.found?.spaces ?? []).slice(0, mostSpacesNamed),
        },
        warning: warningOf(sum, complete, settings.deletions?.askAbovePercent ?? usualAskAbove),
        cost: { requests: cost.requests, points: cost.points, ...durationOf(cost, pace, now()) },
        quota: presentQuota(quota, now()),
        synced,
        settingsVersion: connection.settings_version,
      };
    },
  };
}

const noNewcomers = { spaces: 0, pages: 0, blogposts: 0, comments: 0, attachments: 0 };

function takenIn(counts: Tally, found: FoundNew | null) {
  const added = (kinds: readonly string[]) =>
    kinds.reduce((sum, kind) => sum + (counts.kinds.get(kind)?.added ?? 0), 0);
  return {
    ofNewSpaces: found?.taken.ofNewSpaces ?? noNewcomers,
    ofNewKinds: found?.taken.ofNewKinds ?? { pages: 0, blogposts: 0, comments: 0, attachments: 0 },
    bodies: added(['page', 'blogpost']),
    discussion: added(['comment', 'attachment']),
  };
}

/** What settings leave out goes without a further question, so this is the place to say how much it is. */
function warningOf({ removed, kept }: KindTally, complete: boolean, askAbovePercent: number): string | null {
  const total = removed + kept;
  if (removed < askFrom || removed * 100 <= total * askAbovePercent) return null;
  const percent = Math.floor((removed * 100) / total);
  const some = complete ? '' : 'At least ';
  return `${some}${removed.toLocaleString('en')} of ${total.toLocaleString('en')} records (${percent} %) would leave the search. What settings leave out goes at once, and no further question is asked.`;
}

function mostFirst<T>(counts: ReadonlyMap<T, number>): { reason: T; records: number }[] {
  return [...counts]
    .map(([reason, records]) => ({ reason, records }))
    .sort((a, b) => b.records - a.records || String(a.reason).localeCompare(String(b.reason)));
}

const byName = (a: { kind: string }, b: { kind: string }) => a.kind.localeCompare(b.kind);
