import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** Atlassian's published documents, which live beside the checkout and are not part of it. */
const FOLDER = join(import.meta.dirname, '../../../shared/openapi');

type Schema = Record<string, unknown>;
interface Operation {
  parameters?: { name?: string; in?: string }[];
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
  'x-atlassian-oauth2-scopes'?: { scopes: string[] }[];
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Contract {
  /** By the path as the sandbox serves it, from `/wiki` on. */
  operation(method: string, path: string): Operation | undefined;
  /** What is wrong with a body, in words; empty: nothing, or nothing that the document would know. */
  faults(method: string, path: string, status: number, body: unknown): string[];
  scopes(method: string, path: string): string[];
}

/**
 * The two documents of Confluence Cloud, or null where they are absent, which is said once; in CI their absence is
 * an error.
 */
export function confluenceContract(): Contract | null {
  const files = ['confluence-v1.json', 'confluence-v2.json'];
  if (!files.every((file) => existsSync(join(FOLDER, file)))) {
    const said = `Contract tests skipped: Atlassian's documents are not at ../shared/openapi (${files.join(', ')}).`;
    if (process.env.CI === 'true') throw new Error(said);
    process.stderr.write(`${said}\n`);
    return null;
  }
  const [v1, v2] = files.map((file) =>
    contractOf(file, JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as OpenApi),
  );
  const pick = (path: string): [Contract, string] =>
    path.startsWith('/wiki/api/v2') ? [v2!, path.slice('/wiki/api/v2'.length)] : [v1!, path];
  return {
    operation: (method, path) => pick(path)[0].operation(method, pick(path)[1]),
    faults: (method, path, status, body) => pick(path)[0].faults(method, pick(path)[1], status, body),
    scopes: (method, path) => pick(path)[0].scopes(method, pick(path)[1]),
  };
}

function contractOf(name: string, document: OpenApi): Contract {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  // The numbers' formats bound what JavaScript holds exactly anyway.
  for (const format of ['int32', 'int64', 'string', 'date']) ajv.addFormat(format, true);
  for (const [key, schema] of Object.entries(document.components.schemas))
    if (!key.endsWith('Links')) close(schema);
  ajv.addSchema({ $id: name, components: document.components });
  const validators = new Map<string, ValidateFunction | null>();
  const operation = (method: string, path: string): Operation | undefined => document.paths[path]?.[method];
  const validator = (method: string, path: string, status: number): ValidateFunction | null => {
    const key = `${method} ${path} ${status}`;
    let found = validators.get(key);
    if (found === undefined) {
      const schema = operation(method, path)?.responses[String(status)]?.content?.['application/json']
        ?.schema;
      const merged = schema === undefined ? undefined : merge(document, structuredClone(schema));
      found = merged === undefined ? null : ajv.compile(absolute(merged, name) as Schema);
      validators.set(key, found);
    }
    return found;
  };
  return {
    operation,
    scopes: (method, path) =>
      (operation(method, path)?.['x-atlassian-oauth2-scopes'] ?? []).map(({ scopes }) => scopes.join('+')),
    faults(method, path, status, body) {
      const validate = validator(method, path, status);
      if (validate === null || validate(body)) return [];
      return (validate.errors ?? []).map(inWords);
    },
  };
}

/** A field that the document does not name is a mistake, also where it would let more fields pass. */
function close(schema: unknown): void {
  if (Array.isArray(schema)) schema.forEach(close);
  if (typeof schema !== 'object' || schema === null) return;
  const node = schema as Schema;
  const isOpen = node.additionalProperties === undefined || node.additionalProperties === true;
  if (typeof node.properties === 'object' && isOpen && !('allOf' in node)) node.additionalProperties = false;
  for (const [key, value] of Object.entries(node)) if (key !== '_links') close(value);
}

/** `allOf` of a model and its links, as single answers have it, becomes one object: closed parts would shut each other out. */
function merge(document: OpenApi, schema: Schema): Schema {
  if (!Array.isArray(schema.allOf)) return schema;
  const parts = (schema.allOf as Schema[]).map((part) =>
    typeof part.$ref === 'string' ? document.components.schemas[part.$ref.split('/').at(-1)!]! : part,
  );
  const properties = Object.assign({}, ...parts.map((part) => part.properties)) as Schema;
  return {
    type: 'object',
    properties: { ...properties, _links: { type: 'object' } },
    additionalProperties: false,
  };
}

/** References within the document become references to it by name. */
function absolute(node: unknown, name: string): unknown {
  if (Array.isArray(node)) return node.map((part) => absolute(part, name));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? name + value : absolute(value, name),
    ]),
  );
}

/** Positions in lists are left out, so that one difference reads the same in every item. */
function inWords({ instancePath, message, params }: ErrorObject): string {
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath.replace(/\/\d+/g, '/*')} ${message}${extra === undefined ? '' : `: ${extra}`}`;
}
