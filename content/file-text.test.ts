import { expect, test } from '@jest/globals';
import { fileMarkdown } from './file-text.ts';

test('Markdown stays as it is', () => {
  expect(fileMarkdown('markdown', '# Head\n\n* one')).toBe('# Head\n\n* one');
});

test('lines that are lines stand in a fence that they cannot end', () => {
  expect(fileMarkdown('text', 'a\n```\nb')).toBe('````\na\n```\nb\n````');
  expect(fileMarkdown('csv', 'a,b')).toBe('```text\na,b\n```');
});

test('paragraphs of a document are paragraphs, and no word of them is markup', () => {
  expect(fileMarkdown('docx', '# no *heading*\n- no item\n\na\tb')).toBe(
    '\\# no \\*heading\\*\n\n\\- no item\n\na | b',
  );
  expect(fileMarkdown('pdf', 'one line\nand its rest\n\nnext page')).toBe(
    'one line\nand its rest\n\nnext page',
  );
});

test('no text is no Markdown', () => {
  expect(fileMarkdown('text', '')).toBe('');
});
