import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attachmentHandling } from './attachments.ts';
import { attachmentHandlings, type ContentRules } from './types.ts';

const pdf = { mediaType: 'application/pdf', title: 'Plan.PDF', fileSize: 2_000 };

type Attachments = NonNullable<ContentRules['attachments']>;
const cases: [behaviour: string, rules: Attachments, facts: Partial<typeof pdf>, handling: string][] = [
  ['without rules, text is read', {}, {}, 'text'],
  ['the general rule', { default: 'link' }, {}, 'link'],
  ['an exception by media type', { byType: [{ types: ['application/pdf'], handling: 'link' }] }, {}, 'link'],
  ['a media type in another case, with parameters', { byType: [{ types: ['Application/PDF'], handling: 'link' }] }, { mediaType: 'application/pdf; v=1' }, 'link'],
  ['an exception by family', { byType: [{ types: ['image/*'], handling: 'skip' }] }, { mediaType: 'image/png' }, 'skip'],
  ['a family is not its beginning', { byType: [{ types: ['image/*'], handling: 'skip' }] }, { mediaType: 'imagery/png' }, 'text'],
  ['an exception by extension', { byType: [{ types: ['.pdf'], handling: 'skip' }] }, { mediaType: 'application/octet-stream' }, 'skip'],
  ['an extension is the end of the name', { byType: [{ types: ['.pdf'], handling: 'skip' }] }, { title: 'a.pdf.zip' }, 'text'],
  ['the first exception decides', { byType: [{ types: ['.pdf'], handling: 'link' }, { types: ['application/pdf'], handling: 'skip' }] }, {}, 'link'],
  ['an exception opens what is skipped', { default: 'skip', byType: [{ types: ['.pdf'], handling: 'text' }] }, {}, 'text'],
  ['a file of the limit is read', { maxBytes: 2_000 }, {}, 'text'],
  ['a larger file is linked', { maxBytes: 1_999 }, {}, 'link'],
  ['a larger file is skipped where that is wanted', { maxBytes: 1_999, larger: 'skip' }, {}, 'skip'],
  ['what is skipped by type stays so', { default: 'skip', maxBytes: 1_999 }, {}, 'skip'],
  ['a file of unknown size is not read', { maxBytes: 1_999, larger: 'skip' }, { fileSize: null as never }, 'link'],
  ['exceptions of another shape decide nothing', { byType: [null, { types: '.pdf', handling: 'skip' }] as never }, {}, 'text'],
  ['a broken extension fits nothing', { byType: [{ types: ['.', ' ', '/*'], handling: 'skip' }] }, {}, 'text'],
]; // prettier-ignore

test.each(cases)('%s', (_, attachments, facts, handling) => {
  expect(attachmentHandling({ attachments }, { ...pdf, ...facts })).toBe(handling);
});

test('a limit of size never has more read', () => {
  const handling = fc.constantFrom(...attachmentHandlings);
  fc.assert(
    fc.property(handling, handling, fc.nat(), fc.nat(), (general, ofPdf, maxBytes, fileSize) => {
      const attachments = { default: general, byType: [{ types: ['.pdf'], handling: ofPdf }] };
      const limited = attachmentHandling({ attachments: { ...attachments, maxBytes } }, { ...pdf, fileSize });
      const free = attachmentHandling({ attachments }, { ...pdf, fileSize });
      const order = ['skip', 'link', 'text'];
      expect(order.indexOf(limited)).toBeLessThanOrEqual(order.indexOf(free));
      expect(limited === 'text').toBe(free === 'text' && fileSize <= maxBytes);
    }),
  );
});
