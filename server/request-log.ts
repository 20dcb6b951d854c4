import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { duringRequest, type Logger } from '../log.ts';

const quiet = /^\/(healthz|readyz|assets\/)/;

/** What a proxy before us may call a request; anything else is not taken over into our log. */
const givenId = /^[\w.-]{8,64}$/;

/**
 * One line per request: its id, method, path, status, time. No headers, no query (codes, states, one-time tokens and
 * what people search for stand there), no body. The id is the header `X-Request-Id` of the answer, and stands in every
 * line that is logged while the request is answered; one that a proxy gave is kept.
 */
export function requestLog(log: Logger): RequestHandler {
  const lines = pinoHttp({
    logger: log,
    genReqId: (_req, res) => String(res.getHeader('x-request-id')),
    customSuccessObject: (req, _res, line: object) => ({ ...line, requestId: req.id }),
    customErrorObject: (req, _res, _error, line: object) => ({ ...line, requestId: req.id }),
    wrapSerializers: false,
    serializers: {
      req: (req: IncomingMessage) => ({ method: req.method, path: pathOf(req) }),
      res: (res: ServerResponse) => ({ status: res.statusCode }),
      err: () => undefined,
    },
    autoLogging: { ignore: (req) => quiet.test(pathOf(req)) },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  });
  return (req, res, next) => {
    const given = req.get('x-request-id') ?? '';
    const id = givenId.test(given) ? given : randomUUID();
    res.setHeader('x-request-id', id);
    lines(req, res);
    duringRequest(id, next);
  };
}

/** The original path: routers shorten `url` while they work. */
function pathOf(req: IncomingMessage): string {
  const { originalUrl } = req as IncomingMessage & { originalUrl?: string };
  return (originalUrl ?? req.url ?? '').split('?')[0] ?? '';
}
