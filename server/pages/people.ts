import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { unmatchedReasons } from '../../store/people-accounts.ts';
import { accountlessReasons } from '../../store/people-users.ts';
import { accountsScreen, type AccountsFilter } from '../../web/screens/people/accounts.ts';
import { confirmEmailScreen, linkScreen, unlinkScreen } from '../../web/screens/people/questions.ts';
import { userMatchesScreen } from '../../web/screens/people/users.ts';
import { csrfToken } from '../security/csrf.ts';
import type { ConfirmedEmail, PeopleRequest } from '../services/people/views.ts';
import { resolveAdministrator } from '../viewer.ts';
import { connectAccountPath } from './connect-account.ts';
import { attempt, formList, formText, goOn, queryText, show, type PageParts } from './page.ts';

const path = '/people';

/** Whom could we not match, what do they miss, and how is it mended? For administrators. */
export function peoplePages(parts: PageParts): Router {
  const { services, now } = parts;
  const { people } = services;
  const router = Router();

  router.get(path, async (req, res) => {
    const actor = resolveAdministrator(req);
    const filter = filterOf(req);
    const [connections, offered, page] = await Promise.all([
      services.connections.list(actor),
      services.grants.offered(actor),
      people.accounts(actor, { ...requestOf(filter), cursor: queryText(req, 'cursor'), limit: 50 }),
    ]);
    const screen = accountsScreen({
      connections: connections.filter(({ status }) => status !== 'draft'),
      filter,
      page,
      outreach: { connectUrl: parts.publicUrl + connectAccountPath, canConnect: offered.length > 0 },
      now: now(),
    });
    show(parts, req, res, screen);
  });

  router.get(`${path}/users`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const { connection, q } = filterOf(req);
    const asked = queryText(req, 'state') ?? 'unmatched';
    const states = ['matched', 'unmatched', ...accountlessReasons] as const;
    const state = states.find((each) => each === asked);
    const [connections, page] = await Promise.all([
      services.connections.list(actor),
      people.users(actor, { connection, q, state, cursor: queryText(req, 'cursor'), limit: 100 }),
    ]);
    const filter = { connection, q, state: state ?? 'all' };
    const known = connections.filter(({ status }) => status !== 'draft');
    show(parts, req, res, userMatchesScreen({ connections: known, filter, page }));
  });

  /** The account that a question is about: named in the URL or in the form. */
  const personOf = (req: Request, from: (name: string) => string) =>
    people.account(resolveAdministrator(req), {
      connectionId: from('connection'),
      accountId: from('account'),
    });
  const asked = (req: Request) => (name: string) => queryText(req, name) ?? '';

  router.get(`${path}/link`, async (req, res) => {
    const person = await personOf(req, asked(req));
    const values = { email: person.user?.email ?? '' };
    show(parts, req, res, linkScreen({ csrfToken: csrfToken(req), person, values, errors: {} }));
  });

  router.post(`${path}/link`, async (req, res) => {
    const actor = resolveAdministrator(req);
    const [accountId, email] = [formText(req, 'account'), formText(req, 'email', 320)];
    try {
      await people.link(actor, { accountId, email });
      await goOn(req, res, path, {
        ok: true,
        code: 'linked',
        message: `The account is linked with ${email}.`,
      });
    } catch (error) {
      const errors =
        error instanceof InvalidInput
          ? error.fields
          : error instanceof Conflict
            ? { email: error.message }
            : null;
      if (errors === null) throw error;
      const person = await personOf(req, (name) => formText(req, name));
      show(
        parts,
        req,
        res,
        linkScreen({ csrfToken: csrfToken(req), person, values: { email }, errors }),
        422,
      );
    }
  });

  router.get(`${path}/unlink`, async (req, res) => {
    const person = await personOf(req, asked(req));
    if (person.linkedBy === null) throw new NotFound('This account link');
    show(parts, req, res, unlinkScreen({ csrfToken: csrfToken(req), person }));
  });

  router.post(`${path}/unlink`, async (req, res) => {
    const { email } = await people.unlink(resolveAdministrator(req), formText(req, 'account'));
    await goOn(req, res, path, {
      ok: true,
      code: 'unlinked',
      message: `The account is no longer linked with ${email}.`,
    });
  });

  router.get(`${path}/confirm-email`, async (req, res) => {
    const actor = resolveAdministrator(req);
    if (queryText(req, 'account') !== undefined) {
      const person = await personOf(req, asked(req));
      const waiting = person.reason === 'email_changed' ? [person] : [];
      return show(
        parts,
        req,
        res,
        confirmEmailScreen({ csrfToken: csrfToken(req), people: waiting, more: false }),
      );
    }
    const { connection, q } = filterOf(req);
    const { items, nextCursor } = await people.accounts(actor, {
      connection,
      q,
      state: 'email_changed',
      limit: 50,
    });
    const view = { csrfToken: csrfToken(req), people: items, more: nextCursor !== null };
    show(parts, req, res, confirmEmailScreen(view));
  });

  router.post(`${path}/confirm-email`, (req, res) =>
    attempt(req, res, path, async () => {
      const named = formList(req, 'changed').map(changedOf);
      const confirmed = await people.confirmEmails(resolveAdministrator(req), named);
      return {
        code: 'confirmed',
        message:
          confirmed === 1
            ? 'The email is confirmed: it matches again.'
            : `${confirmed} emails are confirmed: they match again.`,
      };
    }),
  );

  router.get(`${path}/accounts.csv`, (req, res) =>
    sendCsv(
      res,
      'sluice-accounts.csv',
      people.exportAccounts(resolveAdministrator(req), requestOf(filterOf(req))),
    ),
  );
  router.get(`${path}/links.csv`, (req, res) =>
    sendCsv(res, 'sluice-links.csv', people.exportLinks(resolveAdministrator(req))),
  );

  return router;
}

function filterOf(req: Request): AccountsFilter {
  const states = ['attention', 'all', 'matched', ...unmatchedReasons];
  const asked = queryText(req, 'state');
  return {
    connection: queryText(req, 'connection') ?? '',
    state: states.find((each) => each === asked) ?? 'attention',
    q: (queryText(req, 'q') ?? '').trim().slice(0, 200),
    sort: queryText(req, 'sort') === 'name' ? 'name' : 'records',
  };
}

function requestOf({ connection, state, q, sort }: AccountsFilter): PeopleRequest {
  const known = (['attention', 'matched', ...unmatchedReasons] as const).find((each) => each === state);
  // What matched people may read is not counted, so there is nothing to sort them by.
  return { connection, state: known, q, sort: state === 'matched' ? 'name' : sort };
}

/** A hidden field of the question: connection, account and the email that was shown. @throws InvalidInput */
function changedOf(text: string): ConfirmedEmail {
  try {
    const [connectionId, accountId, email] = JSON.parse(text) as unknown[];
    if ([connectionId, accountId, email].every((each) => typeof each === 'string'))
      return { connectionId, accountId, email } as ConfirmedEmail;
  } catch {
    // Said below.
  }
  throw new InvalidInput({ changed: 'This form was changed on its way. Open the page again.' });
}

/** Sends a table as it comes, in parts; a byte order mark lets spreadsheets read it as UTF-8. */
async function sendCsv(res: Response, name: string, parts: AsyncIterable<string>): Promise<void> {
  const rows = parts[Symbol.asyncIterator]();
  // What fails at once is answered as an error, not with half a file.
  const first = await rows.next();
  const text = async function* () {
    yield `\uFEFF${first.done === true ? '' : first.value}`;
    for (let next = await rows.next(); next.done !== true; next = await rows.next()) yield next.value;
  };
  res.type('text/csv').attachment(name);
  try {
    await pipeline(Readable.from(text()), res);
  } catch (error) {
    // Whoever asked has gone.
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
