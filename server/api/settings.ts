import { Router } from 'express';
import { z } from 'zod';
import { InvalidInput, SluiceError } from '../../errors.ts';
import { listKinds, parsePastedList, type ListKind } from '../../scope/pasted-list.ts';
import type { AppParts } from '../app.ts';
import type { Lists } from '../services/site-lookup.ts';
import { settingsSchema, type Settings } from '../settings.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { savedSettingsSchema } from './schemas.ts';

const field = z.enum(listKinds);
const named = z.object({ field, value: z.string(), why: z.string() });
const unknown = z
  .array(named)
  .meta({ description: 'What the account of the connection cannot find on the site.' });
const pasted = z
  .union([z.string().max(500_000), z.array(z.string().max(2_000)).max(5_000)], {
    error: 'A text, or a list of texts.',
  })
  .optional();
const checkBody = z
  .strictObject({
    spaceKeys: pasted,
    pageIds: pasted,
    blogpostIds: pasted,
    labels: pasted,
    authors: pasted,
  })
  .meta({
    id: 'PastedLists',
    description: 'Lists as people paste them: ids, keys, or addresses of the site.',
  });
const checked = z.object({
  values: z.record(field, z.array(z.string())).meta({ description: 'As the settings take them.' }),
  notUnderstood: z.array(named),
  unknown,
  unchecked: z
    .array(z.object({ field, why: z.string() }))
    .meta({ description: 'Lists that could not be looked up just now.' }),
});
const yesOrNo = z.enum(['true', 'false'], { error: 'Either "true" or "false".' }).optional();
const spaceChoice = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  type: z.string().meta({ examples: ['global'] }),
  status: z.string().meta({ examples: ['current'] }),
  pages: z.number().nullable().meta({ description: 'Pages and blog posts; null: not known just now.' }),
});

/** What is wanted of a site: the settings, and what there is to choose from. */
export function createSettingsApi({ services, openapi }: AppParts): Router {
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Connections';

  endpoint(
    {
      method: 'put',
      path: '/connections/{id}/settings',
      tag,
      summary: 'Replace the settings',
      query: z.object({
        check: yesOrNo.meta({
          description: '`true`: values that the site does not know are refused with `unknown_values`.',
        }),
        sync: yesOrNo.meta({
          description:
            'Whether a change of what is wanted starts a sync; unless given, where the strategy is not `manual`.',
        }),
      }),
      body: settingsSchema,
      response: savedSettingsSchema,
      headers: z.object({
        'If-Match': z.string().optional().meta({
          description: 'The `settingsVersion` that was looked at; without it, what is stored is replaced.',
        }),
      }),
      refusals: { 412: 'Somebody else has changed the settings since that version.' },
    },
    async ({ req, params, query, body }) => {
      const expectedVersion = versionIn(req.get('If-Match'));
      const [actor, id] = [resolveAdministrator(req), params['id'] ?? ''];
      if (query.check === 'true') {
        const { unknown: found } = await services.choices.lookUp(actor, id, listsOf(body));
        if (found.length > 0) throw unknownValues(found);
      }
      const sync = query.sync === undefined ? undefined : query.sync === 'true';
      return services.connections.updateSettings(actor, id, body, { expectedVersion, sync });
    },
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/settings/check',
      tag,
      summary: 'Read pasted lists, and name what the site does not know',
      body: checkBody,
      response: checked,
    },
    async ({ req, params, body }) => {
      const [actor, id] = [resolveAdministrator(req), params['id'] ?? ''];
      const { siteUrl } = await services.connections.get(actor, id);
      const host = new URL(siteUrl).host;
      const read = listKinds.flatMap((kind) => {
        const text = [body[kind] ?? []].flat().join('\n');
        return text === '' ? [] : [{ kind, ...parsePastedList(kind, text, host) }];
      });
      const values = Object.fromEntries(read.map(({ kind, values: found }) => [kind, found]));
      return {
        values,
        notUnderstood: read.flatMap(({ kind, faults }) => faults.map((fault) => ({ field: kind, ...fault }))),
        ...(await services.choices.lookUp(actor, id, values)),
      };
    },
  );
  endpoint(
    {
      method: 'get',
      path: '/connections/{id}/spaces',
      tag,
      summary: 'Spaces of the site, to choose from',
      query: z.object({
        q: z.string().max(200).optional().meta({ description: 'A part of the key or the name.' }),
        cursor: z.string().max(20).optional(),
        limit: z.coerce
          .number()
          .int()
          .min(1)
          .max(50)
          .optional()
          .meta({ description: '1 to 50; 20 unless given.' }),
      }),
      response: z.object({
        items: z.array(spaceChoice),
        nextCursor: z.string().nullable(),
        notAsked: z.string().nullable().meta({
          description:
            'Why the site could not be asked, so that these are the spaces of the last sync; null: it was.',
        }),
      }),
    },
    async ({ req, params, query }) => {
      const { q = '', cursor = '0', limit = 20 } = query;
      if (!/^\d{1,9}$/.test(cursor)) {
        throw new SluiceError('invalid_cursor', 'The cursor is none of this list. Begin anew without it.', {
          status: 400,
        });
      }
      const after = Number(cursor);
      const actor = resolveAdministrator(req);
      const { items, found, notAsked } = await services.choices.spaces(actor, params['id'] ?? '', {
        named: q,
        after,
        limit,
      });
      const end = after + items.length;
      return { items, nextCursor: end < found && items.length > 0 ? String(end) : null, notAsked };
    },
  );
  return router;
}

function listsOf({ filters = {} }: Settings): Lists {
  return Object.fromEntries(listKinds.map((kind) => [kind, filters[kind]?.values ?? []])) as Lists;
}

function unknownValues(found: { field: ListKind; value: string; why: string }[]): SluiceError {
  const names = found.slice(0, 5).map(({ value }) => value);
  const more = found.length > names.length ? ` and ${found.length - names.length} more` : '';
  return new SluiceError(
    'unknown_values',
    `The site does not know ${names.join(', ')}${more}. Correct the filters, or save without check=true.`,
    { status: 422, details: { unknown: found } },
  );
}

/** @throws InvalidInput */
function versionIn(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^"?(\d{1,9})"?$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  throw new InvalidInput({ 'If-Match': 'The settingsVersion of the connection, a whole number.' });
}
