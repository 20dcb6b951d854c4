import { z } from 'zod';
import { canView, hasProduct } from '../../world/visibility.ts';
import type { Answer, Ask, Route } from '../route.ts';
import { Refusal } from '../route.ts';
import { listAnswer } from './answers.ts';
import { user } from './serialise.ts';

function body<T>(ask: Ask, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(ask.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new Refusal(400, `Invalid request body: ${issue.path.join('.') || 'body'}: ${issue.message}`);
}

/** Accounts that do not exist are left out of the answer. */
function usersBulk(ask: Ask): Answer {
  const { accountIds } = body(ask, z.object({ accountIds: z.array(z.string()).min(1).max(250) }));
  const { store } = ask.context;
  const results = [...new Set(accountIds)]
    .map((id) => store.person(id))
    .filter((person) => person !== undefined)
    .map((person) => user(store, person, ask.accountId));
  return listAnswer(ask, results, undefined, { identity: results.length });
}

function checkAccess(ask: Ask): Answer {
  const { emails } = body(ask, z.object({ emails: z.array(z.string()).min(1).max(100) }));
  const { store } = ask.context;
  const invalidEmails = emails.filter((email) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email));
  const emailsWithoutAccess = emails.filter((email) => {
    if (invalidEmails.includes(email)) return false;
    const person = store.personByEmail(email);
    return person === undefined || !hasProduct(store, person.accountId);
  });
  return { body: { emailsWithoutAccess, invalidEmails } };
}

/** What the caller may not see is `null`, like what does not exist. */
function contentTypes(ask: Ask): Answer {
  const id = z.union([z.string(), z.number()]);
  const { contentIds } = body(ask, z.object({ contentIds: z.array(id).max(100) }));
  const { store } = ask.context;
  const results: Record<string, string | null> = {};
  for (const raw of contentIds) {
    const key = String(raw);
    const comment = store.comment(key);
    const type =
      store.content(key)?.type ??
      (comment === undefined ? undefined : `${comment.kind}-comment`) ??
      (store.attachment(key) === undefined ? undefined : 'attachment');
    results[key] = type !== undefined && canView(store, ask.accountId, key) ? type : null;
  }
  return { body: { results } };
}

function adminKey(): Answer {
  throw new Refusal(403, 'Admin key is not available');
}

const base = '/wiki/api/v2';
export const peopleRoutes: Route[] = [
  { method: 'post', path: `${base}/users-bulk`, scopes: ['read:user:confluence'], handle: usersBulk },
  {
    method: 'post',
    path: `${base}/user/access/check-access-by-email`,
    scopes: ['read:configuration:confluence'],
    handle: checkAccess,
  },
  {
    method: 'post',
    path: `${base}/content/convert-ids-to-types`,
    scopes: ['read:content.metadata:confluence'],
    handle: contentTypes,
  },
  {
    method: 'get',
    path: `${base}/data-policies/metadata`,
    scopes: ['read:configuration:confluence'],
    handle: () => ({ body: { anyContentBlocked: false } }),
  },
  { method: 'get', path: `${base}/admin-key`, scopes: [], handle: adminKey },
  { method: 'post', path: `${base}/admin-key`, scopes: [], handle: adminKey },
];
