import type { Connection } from '../../store/schema.ts';
import { lanes, scheduleId } from '../../temporal/names.ts';
import { scheduleSpec } from '../../temporal/schedule-spec.ts';
import { failed, ok, skipped, type DiagnosisCheck } from './check.ts';
import type { TemporalLook } from './temporal.ts';

/** Whether each connection that is to sync by itself has its schedules in Temporal. */
export function schedulesCheck(
  look: TemporalLook,
  connections: () => Promise<readonly Connection[]>,
): DiagnosisCheck {
  return {
    name: 'schedules',
    title: 'Schedules',
    why: 'A schedule starts the syncs of a connection. One that is missing leaves its content, or its permissions, as old as they are.',
    async look() {
      const facts = await look();
      if (facts?.state !== 'there') return skipped('Not looked at, because Temporal cannot be asked.');
      const { schedules } = facts;
      if (schedules === null) return skipped('Temporal did not list its schedules.');
      const wanted = (await connections()).flatMap((connection) =>
        lanes
          .filter((lane) => scheduleSpec(connection, lane) !== null)
          .map((lane) => ({ name: connection.name, lane, id: scheduleId(connection.id, lane) })),
      );
      const missing = wanted.filter(({ id }) => !schedules.has(id));
      if (missing.length === 0) return ok(`All ${wanted.length} schedules are there.`);
      const named = missing.slice(0, 5).map(({ name, lane }) => `${lane} of "${name}"`);
      const more = missing.length > named.length ? ` and ${missing.length - named.length} more` : '';
      return failed(
        `Missing: ${named.join(', ')}${more}.`,
        'Restart a worker: it makes what is missing. Or save the connection’s settings once more.',
      );
    },
  };
}
