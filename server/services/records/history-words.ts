import { reasonWords } from '../../../scope/reason-words.ts';
import type { HistoryRow } from '../../../store/record-events.ts';
import type { RemovalCause } from '../../../store/schema.ts';
import { removalReason } from '../removal-words.ts';

const reaches: Record<string, string> = {
  subtree: ' with all below it',
  space: ' with its space',
};

/** A line of a record's history, for people. */
export function historyWords({ what, detail }: HistoryRow, account: string | null): string {
  const by = detail.by === undefined ? 'somebody' : detail.by;
  switch (what) {
    case 'left_out':
      return `Left out: ${detail.reason === undefined ? 'the settings' : (reasonWords[detail.reason] ?? detail.reason)}`;
    case 'taken_in':
      return 'Wanted again: shown as soon as it is read';
    case 'chosen':
      return `Chosen for indexing${reaches[detail.reach ?? ''] ?? ''} by ${by}`;
    case 'unchosen':
      return `Un-indexed${reaches[detail.reach ?? ''] ?? ''} by ${by}`;
    case 'retried':
      return `Tried again by ${by}`;
    case 'read_again':
      return `Read again, asked for by ${by}`;
    case 'updated':
      return `Updated from version ${detail.from} to version ${detail.to}`;
    case 'renamed':
      return `Renamed from "${detail.from}" to "${detail.to}"`;
    case 'moved':
      return 'Moved to another place; hidden until who may see it there was known';
    case 'failed':
      return `Could not be read: ${detail.message ?? ''}`;
    case 'access_changed':
      return `Its view restriction was ${detail.change ?? 'changed'}`;
    case 'removed':
      return `Removed. ${removalReason(detail.cause as RemovalCause, account)}`;
    default:
      return what;
  }
}
