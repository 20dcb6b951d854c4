import type { RequestHandler } from 'express';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** Calls that change nothing that an administrator must answer for, each with its reason. */
const unaudited: [RegExp, string][] = [
  [/^post \/connections\/[^/]+\/test$/, 'asks the site and changes nothing'],
  [/^post \/connections\/[^/]+\/(settings\/(check|preview)|content\/preview|forecast)$/, 'looks ahead only'],
  [/^post \/people\/import$/, 'a dry run unless asked otherwise'],
  [/^(post|delete) \/.*\/authorize-link$/, 'a link that does nothing until its consent is audited'],
  [/^post \/notice-targets\/[^/]+\/test$/, 'sends a trial and changes nothing'],
];

export interface AuditWatch {
  /** Looks at each changing call of /api/v1 that was answered well; before anything else of the app. */
  middleware: RequestHandler;
  /** @throws Error that lists the calls that changed something and left no line in the audit log. */
  throwFaults(): Promise<void>;
}

/** Holds that whatever is changed by the API is in the audit log: of every test that calls it. */
export function watchAudit(db: Kysely<Database>): AuditWatch {
  // What changes nothing a second time (a pause of what is paused) has left its line the first time.
  const silent = new Set<string>();
  const told = new Set<string>();
  const looks: Promise<void>[] = [];
  const last = async () =>
    (await db.selectFrom('audit_log').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ??
    '0';
  const noteEntry = async (call: string, before: string) => {
    const after = await last().catch(() => null);
    if (after !== null) (BigInt(after) > BigInt(before) ? told : silent).add(call);
  };
  return {
    async middleware(req, res, next) {
      const { method, path } = req;
      if (!path.startsWith('/api/v1/') || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return next();
      const call = `${method.toLowerCase()} ${path.slice('/api/v1'.length)}`;
      if (unaudited.some(([pattern]) => pattern.test(call))) return next();
      const before = await last();
      // Not earlier: what answers may write its line after its answer has begun. A line of the next call may be taken for
      // this one's; of many tests that call it, one is enough.
      res.once('finish', () => {
        if (res.statusCode >= 300) return;
        looks.push(noteEntry(call.replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, '{id}'), before));
      });
      next();
    },
    async throwFaults() {
      await Promise.all(looks);
      const faults = [...silent].filter((call) => !told.has(call));
      if (faults.length === 0) return;
      throw new Error(
        `Calls that changed something without a line in the audit log:\n  ${faults.join('\n  ')}`,
      );
    },
  };
}
