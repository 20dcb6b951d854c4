/** What of a record of Confluence's audit log tells what it is about. */
export interface AuditedChange {
  summary: string;
  object: AuditedObject;
  associated: readonly AuditedObject[];
  changed: readonly { name: string; oldValue: string; newValue: string }[];
}

interface AuditedObject {
  name: string;
  objectType: string;
}

/** What a record says should be read anew, still by name: whatever bears one of the names is read. */
export type AuditTarget =
  | { kind: 'content'; names: string[]; spaces: string[] }
  | { kind: 'space' | 'group' | 'account'; names: string[] }
  | { kind: 'product' };

/** A title that was changed, by an earlier or later record. */
export interface Retitling {
  before: string;
  after: string;
}

const contentTypes =
  /^(page|blog|blogpost|livedoc|folder|whiteboard|database|embed|smartlink|content|draft)$/;
const spaceTypes = /^(space|globalspace|personalspace)$/;
const userTypes = /^(user|guest|guestuser|account)$/;

/** What only looked at things changes nobody's access. */
const harmless = /\b(viewed|exported|downloaded|searched|logged in|logged out|login|logout)\b/i;

/**
 * What one record says should be read next. Content comes before the space that it is in, and both before the people
 * and groups whom a permission names: of "restriction added" only the page is read. A global permission, and a group
 * that was made, renamed or removed, also changes who has the product. Objects of other types name nothing that decides
 * about access.
 */
export function targetsOf(record: AuditedChange, retitlings: readonly Retitling[]): AuditTarget[] {
  if (harmless.test(record.summary)) return [];
  const objects = [record.object, ...record.associated].filter(({ name }) => name.trim() !== '');
  const named = (types: RegExp) => objects.filter(({ objectType }) => types.test(typeOf(objectType)));
  const spaces = named(spaceTypes).flatMap(({ name }) => name);
  const content = named(contentTypes);
  if (content.length > 0) {
    const titles = content.flatMap(({ name }) => withoutId(name));
    const names = laterTitles([...titles, ...changedNames(record)], retitlings);
    return [{ kind: 'content', names, spaces: [...new Set([...spaces, ...changedSpaces(record)])] }];
  }
  if (spaces.length > 0) {
    return [{ kind: 'space', names: [...new Set([...spaces, ...changedNames(record)])] }];
  }
  const groups = named(/^group$/).flatMap(({ name }) => withoutId(name));
  const users = named(userTypes).flatMap(({ name }) => withoutId(name));
  const targets: AuditTarget[] = [];
  if (/\bpermission/i.test(record.summary) || (groups.length > 0 && !/\buser\b/i.test(record.summary))) {
    targets.push({ kind: 'product' });
  }
  if (groups.length > 0) {
    targets.push({ kind: 'group', names: [...new Set([...groups, ...changedNames(record)])] });
  } else if (users.length > 0) {
    targets.push({ kind: 'account', names: users });
  }
  return targets;
}

/** Titles that were changed, among the values that records say were changed. */
export function retitlingsIn(records: readonly Omit<AuditedChange, 'summary'>[]): Retitling[] {
  return records
    .filter((record) => [record.object, ...record.associated].some(isContent))
    .flatMap(({ changed }) => changed.filter(({ name }) => isTitle.test(name)))
    .filter(({ oldValue, newValue }) => oldValue !== '' && newValue !== '')
    .map(({ oldValue, newValue }) => ({ before: oldValue, after: newValue }));
}

const isTitle = /^(page |content |new )?(title|name)$/i;
const isContent = ({ objectType }: AuditedObject) => contentTypes.test(typeOf(objectType));

/** `Blog post`, `BlogPost` and `blog_post` are one type. */
function typeOf(objectType: string): string {
  return objectType.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/** Groups, and perhaps more, are seen to be told as `name:id`: the whole, the name and the id are each tried. */
function withoutId(name: string): string[] {
  const [, before = '', id = ''] = /^(.+):([0-9a-f-]{8,})$/i.exec(name) ?? [];
  return id === '' ? [name] : [name, before, id];
}

function changedNames({ changed }: AuditedChange): string[] {
  return changed
    .filter(({ name }) => isTitle.test(name))
    .flatMap(({ oldValue, newValue }) => [oldValue, newValue].filter((value) => value !== ''));
}

/** A page that moved is in one of two spaces here, depending on what was read last. */
function changedSpaces({ changed }: AuditedChange): string[] {
  return changed
    .filter(({ name }) => /\bspace\b/i.test(name))
    .flatMap(({ oldValue, newValue }) => [oldValue, newValue].filter((value) => value !== ''));
}

/** The titles, and whatever they became. */
function laterTitles(titles: readonly string[], retitlings: readonly Retitling[]): string[] {
  const all = new Set(titles);
  for (const title of all) {
    for (const { before, after } of retitlings) if (before === title) all.add(after);
  }
  return [...all];
}
