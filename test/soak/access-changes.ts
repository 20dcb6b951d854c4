import type { Lots } from '../../sandbox/lots.ts';
import { roleNamed } from '../../sandbox/world/roles.ts';
import type { WorldStore } from '../../sandbox/world/store.ts';
import { apply, type ChangeKind } from '../oracle/changes.ts';
import { crawler, type Company } from '../oracle/company.ts';

/** Changes of who may see what, and of what is there to be seen; more that open than that shut, for a year of them. */
const drawn: (ChangeKind | SpaceChange)[] = [
  'move',
  'move',
  'move to a space',
  'restrict',
  'restrict',
  'open',
  'open',
  'trash',
  'trash',
  'archive',
  'restore',
  'restore',
  'restore',
  'purge',
  'leave',
  'join',
  'join',
  'join',
  'dissolve',
  'make anew',
  'rename group',
  'deactivate',
  'reopen',
  'reopen',
  'open space',
  'open space',
  'shut space',
  'withdraw attachment',
  'withdraw comment',
  'space created',
  'space archived',
  'space back',
  'space back',
  'space deleted',
];

type SpaceChange = 'space created' | 'space archived' | 'space back' | 'space deleted';

/** Makes one change; returns its name. */
export function changeAccess(store: WorldStore, lots: Lots, company: Company, serial: number): string {
  const kind = lots.pick(drawn);
  const [what, to] = [lots.below(1000), lots.below(1000)];
  const some = (most: number) => Array.from({ length: lots.below(most + 1) }, () => lots.below(1000));
  const named = { people: some(3), groups: some(2), gone: 'no' as const };
  if (!isOfSpaces(kind)) apply(store, [{ kind, what, to, named }], company);
  else {
    changeSpaces(store, lots, kind, serial);
    apply(store, [], company);
  }
  return kind;
}

function isOfSpaces(kind: ChangeKind | SpaceChange): kind is SpaceChange {
  return kind.startsWith('space ');
}

function changeSpaces(store: WorldStore, lots: Lots, kind: SpaceChange, serial: number): void {
  const current = store.spaces().filter(({ status }) => status === 'current');
  const gone = store.spaces().filter(({ status }) => status !== 'current');
  switch (kind) {
    case 'space created':
      store.addSpace({
        id: String(500_000 + serial),
        key: `N${serial}`,
        name: `New space ${serial}`,
        authorId: crawler,
        permissions: [
          {
            id: `${500_000 + serial}0`,
            principal: { type: 'user', id: crawler },
            operation: 'read',
            target: 'space',
          },
        ],
        roleAssignments: [{ principal: { type: 'user', id: crawler }, roleId: roleNamed('Viewer').id }],
      });
      break;
    case 'space archived':
    case 'space deleted':
      // A company that has archived all its spaces has nothing left to be proven with.
      if (current.length > 2)
        store.changeSpace(lots.pick(current).id, {
          status: kind === 'space archived' ? 'archived' : 'trashed',
        });
      break;
    case 'space back':
      if (gone.length > 0) store.changeSpace(lots.pick(gone).id, { status: 'current' });
      break;
  }
}
