import { OpenApiGeneratorV31, OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { exampleOf, type JsonSchema } from './examples.ts';

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema: JsonSchema;
    example?: unknown;
  }[];
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { description: string; content?: Record<string, MediaType> }>;
}

export interface MediaType {
  schema: JsonSchema;
  example?: unknown;
}

/** The parts of an OpenAPI 3.1 document that the project looks at. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, unknown> };
}

/** The document of everything that was registered: made of the schemas that validate, with an example of each shape. */
export function openApiDocument(registered: OpenAPIRegistry, publicUrl: string): OpenApiDocument {
  const registry = new OpenAPIRegistry([registered]);
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of Sluice, made under Settings or by POST /api/v1/api-keys.',
  });
  const generated = new OpenApiGeneratorV31(registry.definitions, {
    sortComponents: 'alphabetically',
  }).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version: '1',
      description:
        'Errors are {error: {code, message, details?}}; input that is refused names its fields in details.fields. ' +
        "Lists are {items, nextCursor}. Times are ISO 8601 in UTC. With an administrator's key that has the scope " +
        '"impersonate", the header X-Sluice-User names the person by whose rights search and records answer.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
  });
  // The generator's own types know neither examples as we set them nor that each operation has an id.
  const document = mended(generated) as OpenApiDocument;
  const operations = operationsOf(document);
  document.tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))].map((name) => ({
    name,
  }));
  for (const { operation } of operations) addExamples(operation, document.components.schemas);
  return document;
}

/** Every call of a document. */
export function operationsOf(
  document: OpenApiDocument,
): { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  );
}

/** The generator writes the flags of a regular expression into its pattern; in JSON Schema `u` is understood. */
function mended(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(mended);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'pattern' && typeof value === 'string' ? value.replace(/(?<=\$)\/[a-z]+$/, '') : mended(value),
    ]),
  );
}

function addExamples(operation: Operation, components: Record<string, JsonSchema>): void {
  for (const parameter of operation.parameters ?? []) {
    parameter.example = exampleOf(parameter.schema, components, parameter.name);
  }
  const bodies = [
    ...Object.values(operation.requestBody?.content ?? {}),
    ...Object.values(operation.responses).flatMap(({ content }) => content?.['application/json'] ?? []),
  ];
  for (const media of bodies) media.example = exampleOf(media.schema, components);
}
