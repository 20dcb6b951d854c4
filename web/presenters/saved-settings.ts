import type { ConnectionView, SavedSettingsView } from '../../server/views.ts';
import type { ListKind } from '../../scope/pasted-list.ts';

/** What is said after settings were stored: what happens now, and what could not be looked up. */
export function savedMessage(options: {
  before: ConnectionView;
  saved: SavedSettingsView;
  unchecked: readonly { field: ListKind; why: string }[];
}): { message: string; link?: { href: string; label: string } } {
  const { before, saved, unchecked } = options;
  const [why] = unchecked.map((each) => each.why);
  const doubt =
    why === undefined
      ? ''
      : ` What you entered could not be compared with the site. ${why} Check keys and IDs yourself.`;
  const message = `${happens(before, saved)}${doubt}`;
  return saved.startedSync === null
    ? { message }
    : { message, link: { href: `/runs/${saved.startedSync.id}`, label: 'Look at the sync' } };
}

function happens(before: ConnectionView, saved: SavedSettingsView): string {
  if (before.configuredAt === null) return 'The set-up is complete. Start the first sync with “Sync now”.';
  if (saved.startedSync !== null) return 'Saved. A sync has started that carries the change out.';
  const underWay = saved.currentRun !== null && saved.currentRun.kind !== 'permissions';
  // It decides by the settings that it began with, and keeps a sync from starting.
  if (saved.currentRun?.dryRun === true) {
    return saved.scopeChanged
      ? 'Saved. A dry run is under way: the first sync after it carries the change out. Stop it to sync at once.'
      : 'Saved.';
  }
  if (underWay) return 'Saved. The sync under way takes it over after its current batch.';
  if (!saved.scopeChanged) return 'Saved.';
  switch (saved.status) {
    case 'paused':
      return 'Saved. The connection is paused: the first sync after it is resumed carries the change out.';
    case 'disabled':
      return 'Saved. The connection is disabled: the first sync after it is enabled carries the change out.';
    case 'needs_reauth':
      return 'Saved. The first sync after the connection is authorized again carries the change out.';
    default:
      return 'Saved. No sync could start just now: the change is carried out by the next one.';
  }
}
