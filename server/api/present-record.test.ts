import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../errors.ts';
import { cursorAt, placeAt } from './present-record.ts';

const id = fc.bigInt({ min: 1n, max: 10n ** 17n }).map(String);
const titles = fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => text.replaceAll('\0', ''));
const times = fc.oneof(fc.constant('-'), fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }).map(String));

test('a cursor leads back to its place, in its own order alone', () => {
  fc.assert(
    fc.property(
      id,
      fc.oneof(
        fc.constant([null, null] as const),
        titles.map((key) => ['title', key] as const),
        times.map((key) => ['modified', key] as const),
        times.map((key) => ['created', key] as const),
        fc.constantFrom('indexed', 'failed').map((key) => ['state', key] as const),
      ),
      (of, [sort, key]) => {
        const cursor = cursorAt(sort, { key, id: of });
        expect(placeAt(sort, cursor)).toEqual({ key, id: of });
        for (const other of [null, 'title', 'modified', 'created', 'state'] as const) {
          if (other !== sort) expect(() => placeAt(other, cursor)).toThrow(InvalidInput);
        }
      },
    ),
  );
});

test('whatever else is sent as a cursor is refused, and never reaches the database', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(null, 'modified' as const, 'title' as const), (text, sort) => {
      const cursor = Buffer.from(text).toString('base64url');
      try {
        const place = placeAt(sort, cursor);
        expect(place?.id).toMatch(/^\d{1,18}$/);
        expect(place?.key ?? '').not.toContain('\0');
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
      }
    }),
  );
  for (const [sort, text] of [
    ['modified', 'modified 1 tomorrow'],
    ['modified', `modified 1 ${'9'.repeat(30)}`],
    ['title', 'title 1 a\0b'],
    [null, `${'9'.repeat(30)}`],
  ] as const) {
    expect(() => placeAt(sort, Buffer.from(text).toString('base64url'))).toThrow(InvalidInput);
  }
});
