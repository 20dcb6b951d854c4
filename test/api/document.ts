import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from '../../server/api/examples.ts';
import { operationsOf, type OpenApiDocument } from '../../server/api/openapi.ts';

export interface Answer {
  method: string;
  /** Without the query. */
  path: string;
  status: number;
  /** Without parameters; undefined where there is none. */
  contentType: string | undefined;
  /** Parsed, where it is JSON. */
  body: unknown;
}

export interface DescribedCall {
  operationId: string;
  faults: string[];
}

export interface DocumentChecker {
  /** What of an answer the document does not describe, and which call it was; null: an address that is no call. */
  check(answer: Answer): DescribedCall | null;
  /** What is wrong with a value by a schema somewhere in the document, named by a JSON pointer. */
  faultsOf(pointer: string, value: unknown): string[];
}

/** Holds answers against an OpenAPI document; a field that is not described is a fault. */
export function createDocumentChecker(document: OpenApiDocument): DocumentChecker {
  const ajv = new Ajv2020({ strict: false, allErrors: true, inlineRefs: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...closed(document) });
  const validators = new Map<string, ValidateFunction>();
  const calls = operationsOf(document)
    .map((call) => ({ ...call, pattern: patternOf(call.path) }))
    // `/users/me` before `/users/{id}`.
    .toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));

  function faultsOf(pointer: string, value: unknown): string[] {
    let validate = validators.get(pointer);
    if (validate === undefined) {
      validate = ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` });
      validators.set(pointer, validate);
    }
    return validate(value) ? [] : (validate.errors ?? []).map(inWords);
  }

  return {
    faultsOf,
    check({ method, path, status, contentType, body }) {
      const call = calls.find((each) => each.method === method && each.pattern.test(path));
      if (call === undefined) return null;
      const told = (fault: string) => `${method.toUpperCase()} ${call.path} ${status}: ${fault}`;
      const { operationId } = call.operation;
      const response = call.operation.responses[String(status)];
      if (response === undefined) return { operationId, faults: [told('the status is not described')] };
      if (contentType === undefined && response.content === undefined) return { operationId, faults: [] };
      if (contentType === undefined || response.content?.[contentType] === undefined) {
        return { operationId, faults: [told(`the content type ${contentType} is not described`)] };
      }
      if (contentType !== 'application/json') return { operationId, faults: [] };
      const pointer = ['', 'paths', call.path, method, 'responses', status, 'content', contentType, 'schema'];
      return { operationId, faults: faultsOf(pointer.map(escaped).join('/'), body).map(told) };
    },
  };
}

export const escaped = (part: string | number) => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll(/[.]/g, String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);

/**
 * A copy in which no object of an answer may hold a field that is not described. What stands in `allOf` describes a
 * part of an object and stays open; so do requests, whose schemas say themselves what they refuse.
 */
function closed(document: OpenApiDocument): Record<string, unknown> {
  const copy = structuredClone(document);
  for (const schema of Object.values(copy.components.schemas)) closeWithin(schema);
  for (const { operation } of operationsOf(copy)) {
    for (const { content = {} } of Object.values(operation.responses)) {
      for (const media of Object.values(content)) close(media.schema);
    }
  }
  return copy as unknown as Record<string, unknown>;
}

function close(schema: JsonSchema): void {
  const open = schema.additionalProperties === undefined;
  const describes = schema.properties ?? schema.$ref ?? schema.allOf;
  if (open && describes !== undefined) schema.unevaluatedProperties = false;
  closeWithin(schema);
}

function closeWithin(schema: JsonSchema): void {
  for (const property of Object.values(schema.properties ?? {})) close(property);
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) close(option);
  for (const part of schema.allOf ?? []) closeWithin(part);
  if (schema.items !== undefined) close(schema.items);
  if (typeof schema.additionalProperties === 'object') close(schema.additionalProperties);
}

/** Positions in lists are left out, so that one difference reads the same in every item. */
function inWords({ instancePath, message, params }: ErrorObject): string {
  const { unevaluatedProperty, additionalProperty } = params as Record<string, string | undefined>;
  const extra = unevaluatedProperty ?? additionalProperty;
  return `${instancePath.replaceAll(/\/\d+/g, '/*') || 'the body'} ${message}${extra === undefined ? '' : `: ${extra}`}`;
}
