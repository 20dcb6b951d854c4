/** A space role and the permissions that it stands for, as `/space-roles` shows them. */
export interface SpaceRole {
  id: string;
  name: string;
  description: string;
  type: 'SYSTEM' | 'CUSTOM';
  /** `<operation>/<target>`, as in Confluence's own permission keys. */
  spacePermissions: string[];
}

const VIEWER = ['read/space'];
const COLLABORATOR = [
  ...VIEWER,
  'create/page',
  'create/blogpost',
  'create/comment',
  'create/attachment',
  'delete/own',
];
const MANAGER = [
  ...COLLABORATOR,
  'archive/page',
  'delete/page',
  'delete/blogpost',
  'delete/comment',
  'delete/attachment',
  'restrict_content/space',
];
const ADMIN = [...MANAGER, 'export/space', 'administer/space', 'delete/space'];

/** The roles that every site has. Their ids are fixed, so that worlds can name them. */
export const SPACE_ROLES: readonly SpaceRole[] = [
  role('a1b2c3d4-0001-4000-8000-000000000001', 'Admin', 'Administers the space and everything in it.', ADMIN),
  role('a1b2c3d4-0002-4000-8000-000000000002', 'Manager', 'Manages content and its restrictions.', MANAGER),
  role('a1b2c3d4-0003-4000-8000-000000000003', 'Collaborator', 'Creates and edits content.', COLLABORATOR),
  role('a1b2c3d4-0004-4000-8000-000000000004', 'Viewer', 'Reads content.', VIEWER),
  // Not every role opens the space: this one only lets its holders be named in it.
  role('a1b2c3d4-0005-4000-8000-000000000005', 'Export only', 'Exports the space without opening it.', [
    'export/space',
  ]),
  // One of a customer's own making that does open it.
  role('a1b2c3d4-0006-4000-8000-000000000006', 'Reviewer', 'Reads content and comments on it.', [
    ...VIEWER,
    'create/comment',
  ]),
];

/** The built-in role of this name. */
export function roleNamed(name: string): SpaceRole {
  const found = SPACE_ROLES.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no space role named ${JSON.stringify(name)}.`);
  return found;
}

const OPENING = new Set(
  SPACE_ROLES.filter((item) => item.spacePermissions.includes('read/space')).map(({ id }) => id),
);

/** Whether a role lets its holders open the space; an unknown role does not. */
export function roleOpensSpace(roleId: string): boolean {
  return OPENING.has(roleId);
}

function role(id: string, name: string, description: string, spacePermissions: string[]): SpaceRole {
  const type = ['Export only', 'Reviewer'].includes(name) ? 'CUSTOM' : 'SYSTEM';
  return { id, name, description, type, spacePermissions };
}
