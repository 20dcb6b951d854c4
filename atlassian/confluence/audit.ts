import { z } from 'zod';
import type { Api } from '../api.ts';
import { pointsOf } from '../budget.ts';
import type { AuditListing, Batch, ConfluenceAuditRecord } from './types.ts';
import { instant, offsetListOf } from './wire.ts';

/** Most records that Atlassian gives in one answer, "restricted by fixed system limits" that it does not name. */
const mostRecords = 1_000;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const object = z.object({ name: text, objectType: text });
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const record = z.object({
  creationDate: instant,
  author: z.object({ accountId: z.string().nullish(), displayName: text }).nullish(),
  remoteAddress: text,
  category: text,
  summary: text,
  description: text,
  affectedObject: object.nullish(),
  associatedObjects: list(object),
  changedValues: list(z.object({ name: text, oldValue: text, newValue: text })),
});

/**
 * Confluence's audit log (`GET /wiki/rest/api/audit`). It needs the scope read:audit-log:confluence and an account with
 * the global permission "Confluence Administrator"; records hold names, not ids. `next` is the offset of what follows in
 * the same window, which moves when records arrive: prefer a narrower window (activities/audit/window.ts).
 */
export function createAudit(api: Api) {
  return {
    async listAudit(options: AuditListing): Promise<Batch<ConfluenceAuditRecord>> {
      const start = options.cursor === null ? 0 : Number(options.cursor);
      const limit = options.limit ?? mostRecords;
      const { value, serverTime } = await api.call({
        path: '/wiki/rest/api/audit',
        query: {
          startDate: options.from.getTime(),
          endDate: options.to?.getTime(),
          start,
          limit,
        },
        estimate: pointsOf({ core: limit }),
        schema: offsetListOf(record),
        points: ({ results }) => pointsOf({ core: results.length }),
      });
      const { results, _links: links } = value;
      const full = results.length >= (value.limit ?? limit) || typeof links?.next === 'string';
      const next = full && results.length > 0 ? String(start + results.length) : null;
      return { items: results.map(toRecord), next, serverTime };
    },
  };
}

function toRecord(item: z.output<typeof record>): ConfluenceAuditRecord {
  return {
    at: item.creationDate,
    author: { accountId: item.author?.accountId || null, name: item.author?.displayName ?? '' },
    remoteAddress: item.remoteAddress,
    category: item.category,
    summary: item.summary,
    description: item.description,
    object: item.affectedObject ?? { name: '', objectType: '' },
    associated: item.associatedObjects,
    changed: item.changedValues,
  };
}
