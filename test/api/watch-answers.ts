import { appendFileSync } from 'node:fs';
import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { RequestHandler, Response } from 'express';
import { openApiDocument } from '../../server/api/openapi.ts';
import { createDocumentChecker, type DocumentChecker } from './document.ts';

/** What an address that is no call of the API answers: that it is none, or whatever stands before. */
const notCalls = new Set([401, 403, 404, 413, 415, 400]);

export interface AnswersWatch {
  /** Looks at each answer below /api/v1; before anything else of the app. */
  middleware: RequestHandler;
  /** @throws Error that lists what the document does not describe, each once. */
  throwFaults(): void;
}

/** For calls-reporter.ts, which looks at the calls of all test files together. */
export function noteCalls(what: 'answered' | 'described', operationIds: Iterable<string>): void {
  const file = process.env['API_CALLS_FILE'];
  const lines = [...operationIds].map((id) => `${what} ${id}\n`);
  if (file !== undefined && lines.length > 0) appendFileSync(file, lines.join(''));
}

/**
 * Holds every answer that a test gets from /api/v1 against the document of the same server: undescribed calls,
 * statuses, content types and fields are faults. Calls that were answered well are noted in the file API_CALLS_FILE.
 */
export function watchAnswers(openapi: OpenAPIRegistry, publicUrl: string): AnswersWatch {
  const faults = new Set<string>();
  const answered = new Set<string>();
  let checker: DocumentChecker | null = null;
  const look = (method: string, path: string, res: Response, text: string) => {
    checker ??= createDocumentChecker(openApiDocument(openapi, publicUrl));
    const contentType = res.get('content-type')?.split(';')[0];
    const body: unknown = contentType === 'application/json' && text !== '' ? JSON.parse(text) : undefined;
    const { statusCode: status } = res;
    const call = checker.check({ method, path, status, contentType, body });
    if (call === null) {
      if (!notCalls.has(status))
        faults.add(`${method.toUpperCase()} ${path} ${status}: no such call is described`);
      return;
    }
    for (const fault of call.faults) faults.add(fault);
    if (status < 300) answered.add(call.operationId);
  };

  return {
    middleware(req, res, next) {
      const path = req.path;
      const method = req.method.toLowerCase();
      if (!path.startsWith('/api/v1/') || method === 'head' || method === 'options') return next();
      const chunks: string[] = [];
      const keep = (chunk: unknown) => {
        if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) chunks.push(chunk.toString());
      };
      const [write, end] = [res.write.bind(res), res.end.bind(res)];
      res.write = ((...args: Parameters<Response['write']>) => {
        if (res.get('content-type')?.startsWith('application/json') === true) keep(args[0]);
        return write(...args);
      }) as Response['write'];
      res.end = ((...args: Parameters<Response['end']>) => {
        if (res.get('content-type')?.startsWith('application/json') === true) keep(args[0]);
        return end(...args);
      }) as Response['end'];
      // A stream that its reader leaves is closed and never finished.
      res.once('close', () => res.headersSent && look(method, path, res, chunks.join('')));
      next();
    },
    throwFaults() {
      noteCalls('answered', answered);
      if (faults.size === 0) return;
      throw new Error(`Answers that /api/openapi.json does not describe:\n  ${[...faults].join('\n  ')}`);
    },
  };
}
