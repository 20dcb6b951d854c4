/** Where the sandbox differs from the document on purpose, because Atlassian does. */
export interface Difference {
  /** Which routes, as `method path`. */
  route: RegExp;
  /** Which fault, as documents.ts words it. */
  fault: RegExp;
  reason: string;
}

const NULL_PARENT =
  'A top-level item has no parent: parentId and parentType are null, in life and by their own description.';

export const DIFFERENCES: Difference[] = [
  {
    route: /api\/v2\/spaces(\/\{id\})?$/,
    fault: /homepageId must be string/,
    reason: 'A space may have no homepage, which is told by null.',
  },
  {
    route: /users-bulk/,
    fault: /(timeZone|personalSpaceId) must be string/,
    reason: 'Both may be null by their own descriptions: by privacy, and without a personal space.',
  },
  {
    route: /convert-ids-to-types/,
    fault: /^\/results\//,
    reason:
      'What the caller may not view maps to null, as the description of the operation says; folders have a type too.',
  },
  {
    route: /content\/search/,
    fault: /metadata must NOT have additional properties: _expandable/,
    reason: 'Every expandable part of v1 names what it has left out, this one too.',
  },
  {
    route: /content\/search/,
    fault: /^ must NOT have additional properties: totalSize/,
    reason: 'The answer tells the total in life, as the general search does by its document.',
  },
  {
    route: /(pages|whiteboards|databases|embeds|folders)/,
    fault: /\/parent(Id|Type) must be/,
    reason: NULL_PARENT,
  },
  {
    route: /folders\/\{id\}$/,
    fault: /^\/createdAt must be string/,
    reason: 'A folder tells its time in epoch milliseconds, as seen on live sites.',
  },
];

/** Statuses that no document lists for the operation, with the reason why they are answered. */
export const UNDOCUMENTED_STATUSES: { route: RegExp; status: number; reason: string }[] = [
  {
    route: /admin-key/,
    status: 403,
    reason: 'The admin key is a plan feature that this site lacks, closed to OAuth apps.',
  },
  { route: /user\/email/, status: 403, reason: 'Only apps that Atlassian approved may read emails.' },
];
