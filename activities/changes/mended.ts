import { logRun, type LogEntry } from '../../store/runs.ts';
import type { Db } from '../../store/schema.ts';

/** A body that was not well formed, and what was done about it. */
export interface Mended {
  id: string;
  title: string;
  url: string;
  warnings: readonly string[];
}

/** A site that was filled by a faulty program would drown everything else. */
const namedAtMost = 20;

/** Says in the run's log which bodies were broken: they are indexed as well as they can be read. */
export async function logMended(db: Db, runId: string, bodies: readonly Mended[]): Promise<void> {
  const broken = bodies.filter(({ warnings }) => warnings.length > 0);
  const entries: LogEntry[] = broken.slice(0, namedAtMost).map(({ id, title, url, warnings }) => ({
    level: 'warning',
    message: `The content of "${title}" is not well formed. It is indexed as well as it can be read. ${warnings.join(' ')}`,
    item: id,
    url,
  }));
  const left = broken.length - namedAtMost;
  if (left > 0) {
    const message = `The content of ${left} more items is not well formed. They are indexed as well as they can be read.`;
    entries.push({ level: 'warning', message });
  }
  await logRun(db, runId, entries);
}
