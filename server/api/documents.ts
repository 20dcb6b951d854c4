import { OpenApiGeneratorV31, type OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';

/** `/api/openapi.json`, generated from the schemas that validate, and `/api/docs`, the same for people. */
export function documentsRouter(openapi: OpenAPIRegistry, publicUrl: string): Router {
  const router = Router();
  let built: ReturnType<typeof generate> | null = null;
  const document = () => (built ??= generate(openapi, publicUrl));
  router.get('/api/openapi.json', (_req, res) => void res.json(document()));
  router.get('/api/docs', (_req, res) => {
    res.type('html').send(docsPage(document(), String(res.locals['nonce'] ?? '')));
  });
  return router;
}

function generate(openapi: OpenAPIRegistry, publicUrl: string) {
  openapi.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of Sluice, made under Settings or by POST /api/v1/api-keys.',
  });
  return new OpenApiGeneratorV31(openapi.definitions, { sortComponents: 'alphabetically' }).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      description:
        'Errors are {error: {code, message, details?}}; input that is refused names its fields in details.fields. ' +
        "Lists are {items, nextCursor}. Times are ISO 8601 in UTC. With an administrator's key that has the scope " +
        '"impersonate", the header X-Sluice-User names the person by whose rights search and records answer.',
    },
    servers: [{ url: publicUrl }],
  });
}

type Document = ReturnType<typeof generate>;

function docsPage(document: Document, nonce: string): string {
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { summary?: string; tags?: string[] }>).map(
      ([method, { summary, tags }]) =>
        `<tr><td>${escape(tags?.[0] ?? '')}</td><td><code>${method.toUpperCase()} ${escape(path)}</code></td>` +
        `<td>${escape(summary ?? '')}</td></tr>`,
    ),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API - Sluice</title>
<style nonce="${nonce}">:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}</style></head>
<body><main><h1>Sluice API</h1><p>${escape(document.info.description ?? '')}</p>
<p>Schemas, in OpenAPI 3.1: <a href="/api/openapi.json">/api/openapi.json</a></p>
<table><thead><tr><th scope="col">Part</th><th scope="col">Call</th><th scope="col">What it does</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></main></body></html>`;
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
