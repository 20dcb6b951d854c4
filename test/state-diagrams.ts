import { connectionMoves } from '../store/connection-moves.ts';
import { endedRunStates, runMoves } from '../store/run-state.ts';
import type { ConnectionStatus } from '../store/schema.ts';

/** The tables of what may follow what, as the diagrams of docs/status.md. What leaves a state as it is is no arrow. */

interface Arrow {
  from: string;
  to: string;
  event: string;
}

/** Statuses that remember what they stand before (connection-moves.ts). */
const resting = new Set<ConnectionStatus>(['needs_reauth', 'disabled', 'paused']);
/** What is remembered: anything but active, and what is disabled or being deleted for good. */
const forgotten = new Set<ConnectionStatus>(['active', 'disabled', 'disconnecting']);

export function connectionDiagram(): string {
  const moves = Object.entries(connectionMoves).flatMap(([event, table]) =>
    Object.entries(table).map(([from, to]) => ({ event, from: from as ConnectionStatus, to })),
  );
  /** Where a state may go back to: active, and whatever leads to it and is more than that. */
  const before = (state: ConnectionStatus): ConnectionStatus[] => [
    'active',
    ...moves
      .filter(({ from, to }) => to === state && resting.has(state) && !forgotten.has(from))
      .map(({ from }) => from),
  ];
  const arrows = moves.flatMap(({ event, from, to }): Arrow[] => {
    if (to === 'stay') return [];
    return (to === 'back' ? before(from) : [to]).map((target) => ({ from, to: target, event }));
  });
  return diagram([
    { from: '[*]', to: 'draft', event: 'made' },
    ...arrows,
    { from: 'disconnecting', to: '[*]', event: 'all is deleted' },
  ]);
}

export function runDiagram(): string {
  const arrows = Object.entries(runMoves).flatMap(([event, { from, to }]) =>
    from.filter((state) => state !== to).map((state): Arrow => ({ from: state, to, event })),
  );
  return diagram([
    { from: '[*]', to: 'queued', event: 'asked for' },
    ...arrows,
    ...endedRunStates.map((state): Arrow => ({ from: state, to: '[*]', event: '' })),
  ]);
}

/** One arrow for all events between two states. */
function diagram(arrows: readonly Arrow[]): string {
  const events = new Map<string, Set<string>>();
  for (const { from, to, event } of arrows) {
    const key = `${from} --> ${to}`;
    const known = events.get(key) ?? new Set();
    if (event !== '') known.add(event.replaceAll('_', ' '));
    events.set(key, known);
  }
  const lines = [...events].map(
    ([key, names]) => `    ${key}${names.size === 0 ? '' : `: ${[...names].join(', ')}`}`,
  );
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}
