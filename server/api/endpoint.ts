import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { invalidInput } from '../errors.ts';
import { describeEndpoint } from './describe-endpoint.ts';

type Shape = z.ZodType;

/** One call of the API: its schemas validate the request and are its documentation. */
export interface Endpoint<Query extends Shape, Body extends Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it, below /api/v1: `/connections/{id}`. */
  path: string;
  summary: string;
  tag: string;
  /** Of the OpenAPI document, which generated clients name their methods by; by default made of method and path. */
  operationId?: string;
  query?: Query;
  body?: Body;
  /** For the documentation; the handler reads them itself. */
  headers?: z.ZodObject;
  /** What comes back; absent for 204. */
  response?: Shape;
  /** Of what comes back, where it is not JSON. */
  contentType?: 'text/csv' | 'text/event-stream' | 'application/x-ndjson' | 'text/plain';
  /** Default 200, or 204 without a response. */
  status?: number;
  /** Another answer than the usual one, which the handler sends itself. */
  otherwise?: { status: number; description: string; response: Shape };
  /** Refusals besides the usual ones, by status. */
  refusals?: Record<number, string>;
}

export interface EndpointCall<Query extends Shape, Body extends Shape> {
  req: Request;
  res: Response;
  params: Record<string, string>;
  query: z.output<Query>;
  body: z.output<Body>;
}

/**
 * Mounts a call on a router and registers it for /api/openapi.json. The handler's value is the JSON answer;
 * `undefined` from a handler that has answered already (a stream) sends nothing more.
 */
export function createEndpoints(router: Router, openapi: OpenAPIRegistry) {
  return function endpoint<Query extends Shape = z.ZodObject, Body extends Shape = z.ZodUndefined>(
    definition: Endpoint<Query, Body>,
    handler: (call: EndpointCall<Query, Body>) => unknown,
  ): void {
    const { method, path, response } = definition;
    const status = definition.status ?? (response === undefined ? 204 : 200);
    describeEndpoint(openapi, definition, status);
    router[method](path.replaceAll(/\{(\w+)\}/g, ':$1'), async (req, res) => {
      const query = parse(definition.query ?? z.looseObject({}), req.query) as z.output<Query>;
      const body = (
        definition.body === undefined ? undefined : parse(definition.body, req.body)
      ) as z.output<Body>;
      const answer: unknown = await handler({
        req,
        res,
        params: req.params as Record<string, string>,
        query,
        body,
      });
      if (res.headersSent) return;
      if (response === undefined) res.status(status).end();
      else res.status(status).json(answer);
    });
  };
}

function parse(schema: Shape, value: unknown): unknown {
  const result = schema.safeParse(value ?? {});
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}
