import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { scheduleId } from './names.ts';

/** How many of the next runs are told. */
const told = 5;
/** While it does not answer it is asked this often: nobody waits for it page by page. */
const awayMs = 10_000;

/** When the schedules of connections start next, in Temporal's own words. */
export interface NextRuns {
  /** By connection; empty where nothing is scheduled. Null while Temporal does not answer. */
  read(connectionIds: readonly string[]): Promise<Map<string, Date[]> | null>;
}

/** One connection's schedule is described; of several, all are listed, a page of them a request. */
export function createNextRuns(client: Client, patienceMs: number, clock: () => number = Date.now): NextRuns {
  let awayUntil = 0;
  return {
    async read(connectionIds) {
      if (connectionIds.length === 0) return new Map();
      if (clock() < awayUntil) return null;
      try {
        return await client.connection.withDeadline(Date.now() + patienceMs, () =>
          connectionIds.length === 1 ? described(client, connectionIds) : listed(client, connectionIds),
        );
      } catch {
        awayUntil = clock() + awayMs;
        return null;
      }
    },
  };
}

async function described(client: Client, ids: readonly string[]): Promise<Map<string, Date[]>> {
  const found = new Map<string, Date[]>();
  for (const id of ids) {
    try {
      const { info } = await client.schedule.getHandle(scheduleId(id)).describe();
      found.set(id, info.nextActionTimes.slice(0, told));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      found.set(id, []);
    }
  }
  return found;
}

async function listed(client: Client, ids: readonly string[]): Promise<Map<string, Date[]>> {
  const found = new Map<string, Date[]>(ids.map((id) => [id, []]));
  const names = new Map(ids.map((id) => [scheduleId(id), id]));
  for await (const { scheduleId: name, info } of client.schedule.list({ pageSize: 500 })) {
    const id = names.get(name);
    if (id !== undefined) found.set(id, (info?.nextActionTimes ?? []).slice(0, told));
  }
  return found;
}
