import { Router } from 'express';
import { sql } from 'kysely';
import { NotFound } from '../../errors.ts';
import { shownTitle } from '../../search/title.ts';
import { loadRecordAccess } from '../../store/record-access.ts';
import { listRecords } from '../../store/records-read.ts';
import { findUserByEmail } from '../../store/users.ts';
import { recordScreen } from '../../web/screens/record.ts';
import { presentAccess } from '../api/present-access.ts';
import { resolveViewer } from '../viewer.ts';
import { pathPart, queryText, show, type PageParts } from './page.ts';

const recordId = /^[1-9]\d{0,17}$/;

/** One record: what it says, for those who may see it, and for administrators who that is. */
export function recordPages(parts: PageParts): Router {
  const { db, now, browserUrl } = parts;
  const router = Router();

  router.get('/records/:id', async (req, res) => {
    const viewer = resolveViewer(req);
    const id = pathPart(req, 'id');
    if (!recordId.test(id)) throw new NotFound('This record');
    const explains = viewer.actor.role === 'administrator';
    const everything = explains && !viewer.searchingAs;
    const { rows } = await listRecords(db, {
      viewer,
      everything,
      conditions: [sql<boolean>`r.id = ${id}::bigint`],
      after: null,
      limit: 1,
    });
    const row = rows[0];
    if (row === undefined) throw new NotFound('This record');
    const asked = queryText(req, 'user')?.trim();
    const named = explains && asked !== undefined ? await findUserByEmail(db, asked) : undefined;
    const person = !explains ? null : named === undefined ? viewer : { userId: named.id, email: named.email };
    const access = person === null ? null : await loadRecordAccess(db, row.id, person);
    const { containerTitle, ...record } = row;
    show(
      parts,
      req,
      res,
      recordScreen({
        record: {
          ...record,
          title: shownTitle(row.type, row.title, containerTitle),
          url: browserUrl(record.url),
        },
        access: person === null || access === null ? null : presentAccess(row, person, access, everything),
        unknownPerson: explains && asked !== undefined && named === undefined ? asked : null,
        now: now(),
      }),
    );
  });

  return router;
}
