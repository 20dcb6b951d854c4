import { CancelledFailure, Context } from '@temporalio/activity';
import { deleteConnectionRows } from '../../store/disconnection.ts';
import type { ActivityDeps } from '../deps.ts';

/** How long the last steps of cancelled runs are waited for. */
const patienceMs = 30_000;

/** What the workflow of a disconnection calls. */
export function disconnectSteps({ db, log }: ActivityDeps) {
  return {
    async deleteConnection(connectionId: string): Promise<void> {
      const activity = Context.current();
      const beating = setInterval(() => activity.heartbeat('deleting'), 1_000);
      try {
        const between = (position: string) => {
          activity.heartbeat(position);
          if (activity.cancellationSignal.aborted)
            throw new CancelledFailure('The deletion was interrupted.');
        };
        await deleteConnectionRows(db, connectionId, { patienceMs, between });
        log.info({ connection: connectionId }, 'A connection and everything of it is deleted.');
      } finally {
        clearInterval(beating);
      }
    },
  };
}
