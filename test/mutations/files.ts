import type { Mutation } from './mutation.ts';

const downloads = ['atlassian/confluence/files.test.ts'];
const hostile = ['extraction/hostile.test.ts'];
const texts = ['test/sync/attachment-texts.test.ts'];

/** Mistakes in what is downloaded, read and stored of attached files. */
export const files: Mutation[] = [
  {
    name: 'the credential goes along to whatever host a download is redirected to',
    file: 'atlassian/api.ts',
    search: 'return isOwn ?',
    replace: 'return isOwn || true ?',
    tests: downloads,
  },
  {
    name: 'a download follows a redirect to a private address',
    file: 'atlassian/address.ts',
    search: 'return isPlain && isNamed ? null : reason;',
    replace: 'return null;',
    tests: downloads,
  },
  {
    name: 'a file above the limit that does not say so is read',
    file: 'atlassian/download.ts',
    search: 'if (bytes > maxBytes) throw tooLarge();',
    replace: '',
    tests: downloads,
  },
  {
    name: 'entities are let in',
    file: 'extraction/xml.ts',
    search: '/^!(doctype|entity)/i.test(kind)',
    replace: 'false && kind',
    tests: hostile,
  },
  {
    name: 'a container is unpacked whatever it declares',
    file: 'extraction/packed.ts',
    search: 'if (zip.entryCount > limits.entries) throw tooMany(limits);',
    replace: 'if (zip.entryCount > 10_000_000) throw tooMany(limits);',
    tests: hostile,
  },
  {
    name: 'a file that is shorter than listed is indexed',
    file: 'activities/files/read-file.ts',
    search: 'fileSize > 0 && bytes !== fileSize',
    replace: 'fileSize > 0 && bytes > fileSize',
    tests: texts,
  },
  {
    name: 'a new version is not read',
    file: 'store/attachment-texts.ts',
    search: 'where attachment_texts.version <> excluded.version',
    replace: 'where false',
    tests: texts,
  },
  {
    name: 'a new name loses the text',
    file: 'activities/attachments.ts',
    search: 'withText(record, kept.get(record.externalId))',
    replace: 'withText(record, undefined)',
    tests: texts,
  },
];
