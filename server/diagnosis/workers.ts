import { failed, ok, skipped, warning, type DiagnosisCheck } from './check.ts';
import type { TemporalLook } from './temporal.ts';

/** Tasks that wait for a worker: fewer are a moment's. */
const manyTasks = 200;

/** Workers: whether any asks for work, and how much waits for them. */
export function workersCheck(look: TemporalLook): DiagnosisCheck {
  return {
    name: 'workers',
    title: 'Workers',
    why: 'Workers do the syncing. Without one, each sync waits.',
    async look() {
      const facts = await look();
      if (facts?.state !== 'there') return skipped('Not looked at, because Temporal cannot be asked.');
      if (facts.queue === null) return skipped('Temporal did not tell who asks for work.');
      const pollers = Math.min(...facts.queue.map((each) => each.pollers));
      const backlog = facts.queue.reduce((sum, each) => sum + each.backlog, 0);
      if (pollers === 0) {
        return failed(
          `No worker has asked for work lately; ${backlog} tasks wait.`,
          'Start a worker, and look at the log of the one that should run: it names what keeps it from starting.',
        );
      }
      const told = `Workers ask for work (${pollers}); ${backlog} tasks wait.`;
      return backlog > manyTasks
        ? warning(told, 'Start another worker, or give the ones that run more processors.')
        : ok(told);
    },
  };
}
