import { Router, type Request } from 'express';
import { NotFound, SluiceError } from '../../errors.ts';
import { shownTitle } from '../../search/title.ts';
import { findAttachmentText } from '../../store/attachment-texts.ts';
import { fieldsOf } from '../../store/record-fields.ts';
import { findUserByEmail } from '../../store/users.ts';
import type { RecordRow } from '../../store/records-read.ts';
import { recordScreen } from '../../web/screens/record.ts';
import type { RecordHandling, VersionsShown } from '../../web/screens/record/handling.ts';
import { describeAccess } from '../explain/describe.ts';
import { seesEverything } from '../explain/sees-everything.ts';
import { findRecord } from '../find-record.ts';
import { csrfToken } from '../security/csrf.ts';
import { resolveAdministrator, resolveViewer } from '../viewer.ts';
import { attempt, pathPart, queryText, show, type PageParts } from './page.ts';

const notAsked: VersionsShown = { is: 'not_asked' };

/** One record: what it says, for those who may see it, and why; administrators may ask about anybody. */
export function recordPages(parts: PageParts): Router {
  const { db, services, now, browserUrl } = parts;
  const router = Router();

  router.get('/records/:id', async (req, res) => {
    const viewer = resolveViewer(req);
    const everything = seesEverything(req, viewer);
    const row = await findRecord(db, req, pathPart(req, 'id'));
    const asked = everything ? queryText(req, 'user')?.trim() : undefined;
    const named = asked === undefined ? undefined : await findUserByEmail(db, asked);
    const person = named === undefined ? viewer : { userId: named.id, email: named.email };
    const [access] = await describeAccess(db, [row], person, everything);
    if (access === undefined) throw new NotFound('This record');
    const fileText = row.type === 'attachment' ? await findAttachmentText(db, row.id) : undefined;
    const { containerTitle, fieldSources, ...record } = row;
    const title = shownTitle(row.type, row.title, containerTitle);
    show(
      parts,
      req,
      res,
      recordScreen({
        record: {
          ...record,
          title,
          fields: fieldsOf(fieldSources, title),
          url: browserUrl(record.url),
        },
        fileText: fileText ?? null,
        access,
        asker: everything ? 'administrator' : viewer.searchingAs ? 'somebody' : 'member',
        unknownPerson: asked !== undefined && named === undefined ? asked : null,
        handling: everything ? await handlingOf(req, row) : null,
        now: now(),
      }),
    );
  });

  async function handlingOf(req: Request, row: RecordRow): Promise<RecordHandling> {
    const actor = resolveAdministrator(req);
    const { id, name } = await services.connections.get(actor, row.connectionId);
    const [history, versions] = await Promise.all([
      services.records.history(actor, row),
      queryText(req, 'versions') === undefined ? notAsked : versionsOf(req, row),
    ]);
    return { csrfToken: csrfToken(req), connection: { id, name }, raw: row.raw, history, versions };
  }

  async function versionsOf(req: Request, row: RecordRow): Promise<VersionsShown> {
    try {
      return { is: 'asked', ...(await services.records.versions(resolveAdministrator(req), row)) };
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      return { is: 'refused', why: error.message };
    }
  }

  router.post('/records/:id/retry', async (req, res) => {
    const actor = resolveAdministrator(req);
    const row = await findRecord(db, req, pathPart(req, 'id'));
    await attempt(req, res, `/records/${row.id}`, async () => {
      await services.records.retry(actor, row.connectionId, [row.id]);
      return { code: 'retry', message: 'It is tried again by the sync that has started, or is under way.' };
    });
  });

  router.post('/records/:id/read-again', async (req, res) => {
    const actor = resolveAdministrator(req);
    const row = await findRecord(db, req, pathPart(req, 'id'));
    await attempt(req, res, `/records/${row.id}`, async () => {
      const { run } = await services.records.readAgain(actor, row);
      const message =
        run === null
          ? 'It is read again by the sync that is under way, or by the next one.'
          : 'A sync has started that reads it again.';
      return { code: 'read_again', message };
    });
  });

  return router;
}
