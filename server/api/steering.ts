import { Router } from 'express';
import type { AppParts } from '../app.ts';
import { resolveAdministrator } from '../viewer.ts';
import { createEndpoints } from './endpoint.ts';
import { connectionSchema } from './schemas.ts';

/** The calls that pause a connection's syncs of content and let them go on. */
export function createSteeringApi({ services, openapi }: AppParts): Router {
  const { steering } = services;
  const router = Router();
  const endpoint = createEndpoints(router, openapi);
  const tag = 'Syncs';
  const response = connectionSchema;

  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/pause',
      tag,
      summary: 'Pause syncs of content; a running one keeps its place, permissions go on',
      response,
      refusals: { 409: 'Nothing of the connection syncs.' },
    },
    ({ req, params }) => steering.pause(resolveAdministrator(req), params['id'] ?? ''),
  );
  endpoint(
    {
      method: 'post',
      path: '/connections/{id}/resume',
      tag,
      summary: 'Let syncs of content go on, a paused one from where it stopped',
      response,
      refusals: { 409: 'The connection is not paused.' },
    },
    ({ req, params }) => steering.resume(resolveAdministrator(req), params['id'] ?? ''),
  );
  return router;
}
