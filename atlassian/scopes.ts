/** One scope that Sluice asks for. `kind` is the list of Atlassian's developer console in which it stands. */
export interface ScopeNeed {
  scope: string;
  kind: 'classic' | 'granular';
  /** One plain sentence for administrators. */
  reason: string;
}

/**
 * Exactly what Sluice asks for to connect Confluence Cloud, in the order of the console. Each endpoint's scope stands
 * in Atlassian's OpenAPI documents (`x-atlassian-oauth2-scopes`): v2 has granular ones only, v1's current ones are
 * mostly classic. Nothing here writes.
 */
export const confluenceScopes: readonly ScopeNeed[] = [
  {
    scope: 'read:me',
    kind: 'classic',
    reason: 'Tells which Atlassian account gave the authorization. Needs the User Identity API.',
  },
  {
    scope: 'offline_access',
    kind: 'classic',
    reason:
      'Lets the sync go on without asking you every hour. It is asked for by itself and stands in no list of the console.',
  },
  {
    scope: 'search:confluence',
    kind: 'classic',
    reason: 'Finds labels and view restrictions of many pages in one request.',
  },
  {
    scope: 'read:confluence-content.all',
    kind: 'classic',
    reason: 'Reads view restrictions that are too long for the search.',
  },
  {
    scope: 'read:confluence-content.permission',
    kind: 'classic',
    reason: 'Asks Confluence whether a person may see a page, to verify our own answer.',
  },
  {
    scope: 'read:confluence-user',
    kind: 'classic',
    reason: 'Tells whose credential it is and which groups a person is in.',
  },
  {
    scope: 'read:confluence-groups',
    kind: 'classic',
    reason: 'Reads groups and their members, without which restrictions to groups would admit nobody.',
  },
  {
    scope: 'readonly:content.attachment:confluence',
    kind: 'classic',
    reason: 'Downloads attached files so that their text can be found.',
  },
  {
    scope: 'read:audit-log:confluence',
    kind: 'granular',
    reason: 'Reads audit records, which tell sooner that permissions have changed.',
  },
  { scope: 'read:page:confluence', kind: 'granular', reason: 'Reads pages and blog posts.' },
  { scope: 'read:comment:confluence', kind: 'granular', reason: 'Reads footer and inline comments.' },
  {
    scope: 'read:attachment:confluence',
    kind: 'granular',
    reason: 'Lists attachments with their names and sizes.',
  },
  {
    scope: 'read:folder:confluence',
    kind: 'granular',
    reason: 'Reads folders: pages below a restricted folder are restricted too.',
  },
  {
    scope: 'read:whiteboard:confluence',
    kind: 'granular',
    reason: 'Reads the names and places of whiteboards, which can have pages below them.',
  },
  {
    scope: 'read:database:confluence',
    kind: 'granular',
    reason: 'Reads the names and places of databases, which can have pages below them.',
  },
  {
    scope: 'read:embed:confluence',
    kind: 'granular',
    reason: 'Reads the names and places of Smart Links in the page tree.',
  },
  { scope: 'read:space:confluence', kind: 'granular', reason: 'Lists spaces and who may see them.' },
  {
    scope: 'read:space.permission:confluence',
    kind: 'granular',
    reason: 'Reads the roles that people have in spaces.',
  },
  {
    scope: 'read:configuration:confluence',
    kind: 'granular',
    reason: 'Tells whether the site governs its spaces by roles.',
  },
  {
    scope: 'read:user:confluence',
    kind: 'granular',
    reason: 'Reads names and visible email addresses of people.',
  },
];

/** Their names alone, as the authorize URL takes them. */
export const confluenceScopeNames: readonly string[] = confluenceScopes.map(({ scope }) => scope);

/**
 * What is needed and not granted. `offline_access` is left out: Atlassian lists it in no grant, and its absence shows
 * in the missing refresh token.
 */
export function missingScopes(granted: readonly string[]): ScopeNeed[] {
  return confluenceScopes.filter(({ scope }) => scope !== 'offline_access' && !granted.includes(scope));
}

/** Which scope an API path needs, the narrowest first (`x-atlassian-oauth2-scopes` of Atlassian's OpenAPI documents). */
const scopesByPath: readonly [RegExp, scope: string][] = [
  [/\/api\/v2\/(pages|blogposts)\b/, 'read:page:confluence'],
  [/\/api\/v2\/(footer|inline)-comments\b/, 'read:comment:confluence'],
  [/\/api\/v2\/attachments\b/, 'read:attachment:confluence'],
  [/\/api\/v2\/folders\b/, 'read:folder:confluence'],
  [/\/api\/v2\/whiteboards\b/, 'read:whiteboard:confluence'],
  [/\/api\/v2\/databases\b/, 'read:database:confluence'],
  [/\/api\/v2\/embeds\b/, 'read:embed:confluence'],
  [/\/api\/v2\/space-role-mode\b/, 'read:configuration:confluence'],
  [/\/api\/v2\/(space-roles|spaces\/[^/]+\/role-assignments)\b/, 'read:space.permission:confluence'],
  [/\/api\/v2\/spaces\b/, 'read:space:confluence'],
  [/\/api\/v2\/users-bulk\b/, 'read:user:confluence'],
  [/\/rest\/api\/content\/search\b/, 'search:confluence'],
  [/\/rest\/api\/content\/[^/]+\/permission\/check\b/, 'read:confluence-content.permission'],
  [/\/rest\/api\/content\/[^/]+\/child\/attachment\b/, 'readonly:content.attachment:confluence'],
  [/\/rest\/api\/content\/[^/]+\/restriction\b/, 'read:confluence-content.all'],
  [/\/rest\/api\/search\b/, 'search:confluence'],
  [/\/rest\/api\/group\b/, 'read:confluence-groups'],
  [/\/rest\/api\/user\b/, 'read:confluence-user'],
  [/\/rest\/api\/audit\b/, 'read:audit-log:confluence'],
];

/** The scope that a refused path needs, from words that name it (an error's message), or null where none is known. */
export function scopeOfPath(words: string): string | null {
  return scopesByPath.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
