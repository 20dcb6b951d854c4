import { z } from 'zod';
import type { Content } from '../../world/types.ts';
import { canView } from '../../world/visibility.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { notFound, Refusal } from '../route.ts';
import { labelArray } from './content.ts';

const LABEL = z.object({ prefix: z.string(), name: z.string().min(1) });
const BODY = z.union([z.array(LABEL).min(1), LABEL.transform((label) => [label])]);

function viewable({ context, accountId, params }: Ask): Content {
  const item = context.store.content(params.id!);
  if (item === undefined || !canView(context.store, accountId, item.id))
    throw notFound(`content with id: ContentId{id=${params.id}}`);
  return item;
}

function add(ask: Ask): Answer {
  const item = viewable(ask);
  const parsed = BODY.safeParse(ask.body);
  if (!parsed.success) throw new Refusal(400, 'A label needs a prefix and a name');
  const added = parsed.data.map(({ prefix, name }) =>
    prefix === 'global' ? name.toLowerCase() : `${prefix}:${name.toLowerCase()}`,
  );
  const { labels } = ask.context.store.setLabels(item.id, [...new Set([...item.labels, ...added])]);
  return { body: labelArray(labels) };
}

function remove(ask: Ask, label: string | undefined): Answer {
  const item = viewable(ask);
  if (label === undefined) throw new Refusal(400, "Required parameter 'name' is missing");
  if (!item.labels.includes(label)) throw notFound(`label ${label}`);
  ask.context.store.setLabels(
    item.id,
    item.labels.filter((held) => held !== label),
  );
  return { status: 204 };
}

const base = '/wiki/rest/api/content/{id}/label';
const WRITE = ['write:confluence-content', 'write:label:confluence'];
export const labellingRoutes: Route[] = [
  {
    method: 'post',
    path: base,
    scopes: ['write:confluence-content', 'read:label:confluence+write:label:confluence'],
    handle: add,
  },
  { method: 'delete', path: base, scopes: WRITE, handle: (ask) => remove(ask, ask.query.text('name')) },
  {
    method: 'delete',
    path: `${base}/{label}`,
    scopes: WRITE,
    handle: (ask) => remove(ask, ask.params.label),
  },
];
