import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import { apiDocsPage } from '../../web/screens/api-docs.ts';
import { openApiDocument, type OpenApiDocument } from './openapi.ts';

/** `/api/openapi.json`, generated from the schemas that validate, and `/api/docs`, the same for people. */
export function documentsRouter(openapi: OpenAPIRegistry, publicUrl: string): Router {
  const router = Router();
  let built: OpenApiDocument | null = null;
  const document = () => (built ??= openApiDocument(openapi, publicUrl));
  router.get('/api/openapi.json', (_req, res) => void res.json(document()));
  router.get('/api/docs', (_req, res) => {
    res.type('html').send(apiDocsPage(document(), String(res.locals['nonce'] ?? '')));
  });
  return router;
}
