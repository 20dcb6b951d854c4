import { Router } from 'express';
import { NotFound } from '../../errors.ts';
import { shownTitle } from '../../search/title.ts';
import { findAttachmentText } from '../../store/attachment-texts.ts';
import { fieldsOf } from '../../store/record-fields.ts';
import { findUserByEmail } from '../../store/users.ts';
import { recordScreen } from '../../web/screens/record.ts';
import { describeAccess } from '../explain/describe.ts';
import { seesEverything } from '../explain/sees-everything.ts';
import { findRecord } from '../find-record.ts';
import { resolveViewer } from '../viewer.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

/** One record: what it says, for those who may see it, and why; administrators may ask about anybody. */
export function recordPages(parts: PageParts): Router {
  const { db, now, browserUrl } = parts;
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
        now: now(),
      }),
    );
  });

  return router;
}
