import express, { type RequestHandler } from 'express';
import { SluiceError } from '../../errors.ts';

const limit = '256kb';
/** Tables of people and lists of pages are longer than anything else that is sent. */
const tableLimit = '2mb';
const takesTable = (path: string) =>
  path === '/people/import' ||
  path === '/people/import/confirm' ||
  /^\/connections\/[\w-]{1,50}\/(?:configure|settings)(?:\/|$)/.test(path);

const form = (most: string) => express.urlencoded({ extended: false, limit: most, parameterLimit: 500 });
const forms = { usual: form(limit), table: form(tableLimit) };

/** What pages' forms send. */
export const formBody: RequestHandler = (req, res, next) =>
  (takesTable(req.path) ? forms.table : forms.usual)(req, res, next);

const hasBody: (req: Parameters<RequestHandler>[0]) => boolean = (req) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

const json = (most: string) => express.json({ limit: most, strict: true, type: 'application/json' });
const jsons = { usual: json(limit), table: json(tableLimit) };

/** The API takes JSON that says that it is JSON: a form on another page cannot send that. Answered with 415. */
export const jsonBody: RequestHandler[] = [
  (req, _res, next) => {
    const type = (req.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
    if (hasBody(req) && type !== 'application/json') {
      return next(
        new SluiceError(
          'not_json',
          'Send the body as JSON, with the header "Content-Type: application/json".',
          {
            status: 415,
          },
        ),
      );
    }
    next();
  },
  (req, res, next) => (takesTable(req.path) ? jsons.table : jsons.usual)(req, res, next),
];
