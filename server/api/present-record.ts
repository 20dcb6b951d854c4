import { InvalidInput } from '../../errors.ts';
import { stateWords } from '../../scope/state-words.ts';
import { shownTitle } from '../../search/title.ts';
import { fieldsOf } from '../../store/record-fields.ts';
import { isKeyOf, type RecordPlace, type RecordSort } from '../../store/record-order.ts';
import type { RecordRow } from '../../store/records-read.ts';

/** A record as the API and the pages tell it. */
export type RecordView = ReturnType<typeof presentRecord>;

export function presentRecord({ containerTitle, fieldSources, ...record }: RecordRow) {
  const title = shownTitle(record.type, record.title, containerTitle);
  const failed = record.state === 'failed' ? record.failure?.message : undefined;
  const words = failed ?? stateWords(record.state, record.stateReason);
  return { ...record, stateWords: words, title, fields: fieldsOf(fieldSources, title) };
}

/** A place in a list as its `nextCursor`; it serves for lists in the same order alone. */
export function cursorAt(sort: RecordSort | null, { key, id }: RecordPlace): string {
  return Buffer.from(key === null ? id : `${sort} ${id} ${key}`).toString('base64url');
}

/** @throws InvalidInput on what `cursorAt` did not make for this order */
export function placeAt(sort: RecordSort | null, cursor: string | undefined): RecordPlace | null {
  if (cursor === undefined) return null;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, of = null, id = '', key = null] =
    /^(?:(title|modified|created|state) )?(\d{1,18})(?: (.*))?$/s.exec(text) ?? [];
  if (id === '' || of !== sort || !isKeyOf(sort, key)) {
    throw new InvalidInput({
      cursor: 'Not a cursor of this list. Leave it out to start from the beginning.',
    });
  }
  return { key, id };
}
