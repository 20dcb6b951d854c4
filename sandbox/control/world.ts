import type { Router } from 'express';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { createDemonstration } from '../world/demonstration.ts';
import { generateWorld } from '../world/generate.ts';
import type { Mutators } from '../world/mutators.ts';
import type { World } from '../world/types.ts';
import { ControlError, parsed } from './guard.ts';

/** Changes by name, with their positional arguments as in sandbox/world/mutators*.ts. */
const CHANGES = [
  'addContent',
  'updateContent',
  'moveContent',
  'trash',
  'restore',
  'archive',
  'purge',
  'setRestriction',
  'setLabels',
  'addComment',
  'updateComment',
  'setCommentStatus',
  'purgeComment',
  'addAttachment',
  'updateAttachment',
  'setAttachmentStatus',
  'purgeAttachment',
  'addPerson',
  'changePerson',
  'deactivatePerson',
  'addGroup',
  'renameGroup',
  'removeGroup',
  'addMember',
  'removeMember',
  'addSpace',
  'changeSpace',
  'setSpacePermissions',
  'setRoleAssignments',
  'changeSite',
  'setBehaviour',
  'addAudit',
  'putOAuthApp',
  'removeOAuthApp',
  'putApiToken',
  'removeApiToken',
] as const satisfies readonly (keyof Mutators)[];

const change = z.object({ change: z.enum(CHANGES), args: z.array(z.unknown()).default([]) });

const count = z.int().nonnegative();
const generation = z.object({
  seed: count.optional(),
  spaces: count.optional(),
  pagesPerSpace: count.optional(),
  people: count.optional(),
  groups: count.optional(),
  bodyBytes: count.optional(),
  commentsPerPage: count.optional(),
  attachmentsPerPage: count.optional(),
  files: z.enum(['images', 'documents']).optional(),
  restrictedEvery: count.optional(),
  depth: count.optional(),
  labelsPerPage: count.optional(),
});

/** Load, make and change the world. */
export function worldRoutes(router: Router, { store, grants }: SandboxContext): void {
  const replace = (world: World): object => {
    store.replace(world);
    return {
      site: store.site,
      people: world.people.length,
      spaces: world.spaces.length,
      content: world.content.length,
      comments: world.comments.length,
      attachments: world.attachments.length,
    };
  };
  /** Whoever set the callback of the app wants to keep it. */
  const sameCallback = (): { redirectUri?: string } => {
    const [app] = store.oauthApps();
    return app === undefined ? {} : { redirectUri: app.redirectUri };
  };
  router.get('/world', (_req, res) => void res.json(store.snapshot()));
  router.put('/world', (req, res) => {
    const world = req.body as World;
    const lists = ['people', 'groups', 'spaces', 'content', 'comments', 'attachments'] as const;
    for (const name of [...lists, 'oauthApps', 'apiTokens', 'audit'] as const) {
      if (!Array.isArray(world[name]))
        throw new ControlError(400, `${name}: expected a list, as in GET world.`);
    }
    if (typeof world.site !== 'object')
      throw new ControlError(400, 'site: expected an object, as in GET world.');
    res.json(replace(world));
  });
  router.post(
    '/world/generate',
    (req, res) =>
      void res.json(replace(generateWorld({ ...sameCallback(), ...defined(parsed(generation, req.body)) }))),
  );
  router.post('/world/demonstration', (_req, res) => {
    grants.clear();
    res.json(replace(createDemonstration(sameCallback())));
  });
  router.post('/world/change', (req, res) => {
    const list = parsed(z.array(change), [req.body].flat());
    const results = list.map(({ change: name, args }) => {
      const mutate = store[name] as (...args: unknown[]) => unknown;
      return mutate(...args) ?? null;
    });
    res.json({ results });
  });
}

/** Without the keys that are undefined, which stand for the default. */
function defined<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
