import { expect, test } from '@jest/globals';
import { wordMatcher } from './words.ts';

test.each([
  ['rocket', 'the Rocket flies', true],
  ['rocket', 'rockets', false],
  ['rocket*', 'rockets', true],
  ['flies rocket', 'the rocket flies', true],
  ['"rocket flies"', 'the rocket, flies', true],
  ['"flies rocket"', 'the rocket flies', false],
  ['release-notes', 'Release notes of May', true],
  ['rocket -fuel', 'rocket fuel', false],
  ['größe', 'die GRÖSSE Größe', true],
  ['a.b*c?', 'nothing of the kind', false],
  ['設計', '東京の設計書', true],
  ['設計図', '東京の設計書', false],
  ['', 'anything', false],
  ['***', 'anything', false],
])('%j in %j: %s', (query, text, expected) => {
  expect(wordMatcher(query)(text)).toBe(expected);
});
