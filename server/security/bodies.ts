import express, { type RequestHandler } from 'express';
import { SluiceError } from '../../errors.ts';

const limit = '256kb';

/** What pages' forms send. */
export const formBody: RequestHandler = express.urlencoded({ extended: false, limit, parameterLimit: 500 });

const hasBody: (req: Parameters<RequestHandler>[0]) => boolean = (req) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

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
  express.json({ limit, strict: true, type: 'application/json' }),
];
