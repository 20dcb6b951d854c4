/** JSON Schema as OpenAPI 3.1 has it, as far as our schemas use it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  unevaluatedProperties?: boolean;
  items?: JsonSchema;
  minItems?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  [other: string]: unknown;
}

type Components = Record<string, JsonSchema>;

const wiki = 'https://northwind.atlassian.net/wiki';
const ids = {
  uuid: '7b0c5a4e-3f52-4d0e-9a71-2c8f6de1b944',
  page: `${wiki}/spaces/HR/pages/65551/Travel+policy`,
};

/** What a field usually holds, by its name, or by its thing and its name where names mean different things. */
const fields: Record<string, unknown> = {
  id: '1042',
  name: 'Northwind Confluence',
  'User.name': 'Ada Lindqvist',
  'NewUser.name': 'Ada Lindqvist',
  'author.name': 'Ada Lindqvist',
  'account.name': 'Ada Lindqvist',
  'space.name': 'People and culture',
  'group.name': 'hr-team',
  'Group.name': 'hr-team',
  'ApiKey.name': 'answer bot',
  'CreatedApiKey.name': 'answer bot',
  'NewApiKey.name': 'answer bot',
  'oauthApp.name': 'Sluice at Northwind',
  'OAuthApp.name': 'Sluice at Northwind',
  'NewOAuthApp.name': 'Sluice at Northwind',
  'OAuthAppChange.name': 'Sluice at Northwind',
  'NoticeTarget.name': 'on-call',
  'NewNoticeTarget.name': 'on-call',
  'space.key': 'HR',
  'CreatedApiKey.key': 'slc_shown_this_once',
  key: 'HR',
  audience: 'Staff',
  author: 'Ada Lindqvist',
  siteUrl: 'https://northwind.atlassian.net',
  origin: 'https://hooks.example.com',
  url: ids.page,
  'NewNoticeTarget.url': 'https://hooks.example.com/sluice',
  'NoticeTargetChange.url': 'https://hooks.example.com/sluice',
  redirectUrl: 'https://sluice.example.com/oauth/atlassian/callback',
  authorizeUrl: 'https://sluice.example.com/oauth/authorize/once-and-within-an-hour',
  request: '/wiki/api/v2/pages/65551',
  cloudId: '5c2ab5a6-1d3c-4a4e-9d6b-0b5f1a7c3e21',
  email: 'ada@northwind.example',
  user: 'ada@northwind.example',
  'X-Sluice-User': 'ada@northwind.example',
  'If-Match': '3',
  accountId: '557058:1a2b3c4d',
  groupId: '0f4ab7c2-9e11',
  externalId: '65551',
  recordId: '1042',
  sourceId: '65551',
  item: ids.page,
  title: 'Travel policy',
  label: 'policy',
  labels: ['policy'],
  spaceKeys: { operator: 'in', values: ['HR'] },
  pageIds: { operator: 'in', values: ['65551'] },
  blogpostIds: { operator: 'in', values: ['65560'] },
  authors: { operator: 'in', values: ['557058:1a2b3c4d'] },
  ancestors: [],
  markdown: '# Travel policy\n\nBook by the portal.',
  raw: '<h1>Travel policy</h1><p>Book by the portal.</p>',
  snippet: 'Our <mark>travel</mark> policy',
  snippetSegments: [
    { text: 'Our ', mark: false },
    { text: 'travel', mark: true },
    { text: ' policy', mark: false },
  ],
  q: 'travel policy',
  text: 'travel',
  modifiedAfter: '2026-10-01',
  cron: '0 2 * * *',
  timezone: 'Europe/Zurich',
  from: '22:00',
  to: '05:00',
  days: ['mon', 'tue'],
  state: 'indexed',
  kind: 'content',
  level: 'warning',
  category: 'Permissions',
  nextCursor: null,
  cursor: 'MTA0Mg',
  limit: 50,
  prefix: 'slc_4f2a',
  scopes: ['search'],
  secret: 'whsec_shown_this_once',
  clientId: 'kq3vX8aUq2vC0d9dSx1mYQ',
  clientSecret: 'the secret of the OAuth app',
  token: 'an API token of Atlassian',
  password: 'a long password',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  message: 'What happened and what to do.',
  statusCause: null,
  statusMessage: null,
  cause: null,
  deletion: null,
  csv: 'account_id,email\n557058:1a2b3c4d,ada@northwind.example\n',
  digest: '2f7c1e',
  audiences: { Staff: ['0f4ab7c2-9e11'] },
  groupRoles: { '0f4ab7c2-9e11': 'member' },
  changes: { added: 12, updated: 3 },
  code: 'invalid_input',
  reason: 'Every layer admits this person.',
  remedy: null,
  details: { fields: { 'sync.intervalMinutes': 'At least 5 minutes.' } },
  principal: 'group:0f4ab7c2-9e11',
  path: 'through the group hr-team',
  connectionId: ids.uuid,
  'connection.id': ids.uuid,
  stage: 'pages',
  action: 'connection.settings',
  actor: 'ada@northwind.example',
  target: 'Northwind Confluence',
  status: 'active',
  object: 'Travel policy',
  content: {},
};

/** Fields whose value a format or a pattern would refuse: each form has one that fits. */
const formats: Record<string, string> = {
  uuid: ids.uuid,
  'date-time': '2026-11-02T08:15:00.000Z',
  date: '2026-11-02',
  email: 'ada@northwind.example',
  uri: ids.page,
};

/** For a field of which nothing else is known: the first that its pattern admits. */
const plainTexts = ['text', '1042', 'HR', '.pdf', 'application/pdf', '22:00', '2026-11-02'];

/** No schema of ours holds itself; one that did would end here. */
const deepest = 40;

/**
 * An example of a value that a schema describes: what the schema itself names (`examples`), else what a field of that
 * name usually holds, else the least that fits its type. Pure; the same schema gives the same example.
 * `name` is the field's, `owner` the name of what the field belongs to.
 */
export function exampleOf(
  schema: JsonSchema,
  components: Components,
  name = '',
  owner = '',
  depth = 0,
): unknown {
  if (depth > deepest) return null;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.$ref !== undefined) {
    const component = schema.$ref.split('/').at(-1) ?? '';
    return exampleOf(components[component] ?? {}, components, component, '', depth + 1);
  }
  if (schema.const !== undefined) return schema.const;
  const usual = [fields[`${owner}.${name}`], fields[name]].find(
    (value) => value !== undefined && admits(schema, value),
  );
  if (usual !== undefined) return structuredClone(usual);
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = (schema.oneOf ?? schema.anyOf)?.find((each) => each.type !== 'null');
  if (choice !== undefined) return exampleOf(choice, components, name, owner, depth + 1);
  return ofType(schema, components, name, owner, depth + 1);
}

function ofType(
  schema: JsonSchema,
  components: Components,
  name: string,
  owner: string,
  depth: number,
): unknown {
  const { items, minimum = 0, exclusiveMinimum = -1, maximum = Infinity } = schema;
  switch ([schema.type].flat().find((type) => type !== 'null')) {
    case 'object':
      return objectOf(schema, components, name || owner, depth);
    case 'array':
      return items === undefined ? [] : [exampleOf(items, components, name, owner, depth)];
    case 'integer':
    case 'number':
      return Math.min(Math.max(3, minimum, exclusiveMinimum + 1), maximum);
    case 'boolean':
      return schema.default ?? true;
    case 'string':
      if (/(At|Until)$/.test(name) && schema.format === undefined) return formats['date-time'];
      return formats[schema.format ?? ''] ?? plainTexts.find((each) => admits(schema, each)) ?? 'text';
    default:
      return {};
  }
}

function objectOf(schema: JsonSchema, components: Components, thing: string, depth: number): unknown {
  const { properties, additionalProperties } = schema;
  if (properties === undefined && typeof additionalProperties === 'object') {
    return { example: exampleOf(additionalProperties, components, '', thing, depth) };
  }
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([key, property]) => [
      key,
      exampleOf(property, components, key, thing, depth),
    ]),
  );
}

/** Whether a usual value may stand here, by type, list of values and form. */
function admits(schema: JsonSchema, value: unknown): boolean {
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined)
    return options.some((option) => option.$ref === undefined && admits(option, value));
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (schema.format !== undefined) return typeof value === 'string' && fitsFormat(schema.format, value);
  const types = [schema.type].flat();
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const typed = types.includes(own) || (own === 'number' && types.includes('integer'));
  if (!typed) return false;
  if (own === 'string' && typeof schema['pattern'] === 'string')
    return new RegExp(schema['pattern'], 'u').test(value as string);
  if (own === 'object') {
    const known = schema.properties;
    return known === undefined || Object.keys(value as object).every((key) => key in known);
  }
  return own !== 'array' || arrayFits(schema, value as unknown[]);
}

function arrayFits(schema: JsonSchema, values: unknown[]): boolean {
  const { items } = schema;
  if (items === undefined || values.length === 0) return true;
  return items.$ref === undefined && values.every((value) => admits(items, value));
}

function fitsFormat(format: string, value: string): boolean {
  if (format === 'uuid') return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
  if (format === 'email') return value.includes('@');
  if (format === 'uri') return value.includes('://');
  return format !== 'date-time' && format !== 'date' ? true : /^\d{4}-/.test(value) && format === 'date';
}
