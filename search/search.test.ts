import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ViewerId } from '../store/visibility.ts';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { createSampleSite } from '../test/sample-site.ts';
import { searchRecords } from './search.ts';
import type { SearchQuery } from './types.ts';

let database: TestDatabase;
let anna: ViewerId;

beforeAll(async () => {
  database = await createTestDatabase();
  const site = await createSampleSite(database.db);
  anna = await site.person('anna', ['everyone']);
  await site.record('holiday', { title: 'Holiday policy', text: 'How leave is asked for and granted.' });
  await site.record('handbook', {
    title: 'Employee handbook',
    text: 'Our holiday policy is on another page. Holiday, holiday, holiday: see the policy.',
  });
  await site.record('reversed', { title: 'Notes', text: 'The policy says: a holiday is a holiday.' });
  await site.record('resume', { title: 'Résumé templates', text: 'Für Bewerber: Straße, Größe, Übung.' });
  await site.record('tokyo', {
    title: '東京オフィス',
    text: '東京都庁の近くにあります。API設計書はこちら。',
  });
  await site.record('beijing', { title: '北京办公室', text: '北京大学附近的办公室' });
  await site.record('seoul', { title: '서울 사무실', text: '서울특별시에 있습니다' });
  await site.record('runbook', {
    title: 'Documentation of deployments',
    text: 'Who is on call restarts error:404 services at example.com/path, e.g. by hand.',
    labels: ['runbook', 'ops'],
    author: 'anna',
    space: 'OPS',
    modifiedAt: '2026-06-01T00:00:00Z',
  });
  await site.record('who', { title: 'Who is who', text: 'People.' });
});
afterAll(() => database.close());

async function find(q: string, more: Partial<SearchQuery> = {}): Promise<string[]> {
  const page = await searchRecords(database.db, anna, { q, ...more });
  return page.hits.map((hit) => hit.externalId);
}

test('a title that matches ranks above a text that repeats the words', async () => {
  expect(await find('holiday policy')).toEqual(['holiday', 'handbook', 'reversed']);
});

test('a label ranks above the text', async () => {
  expect((await find('runbook'))[0]).toBe('runbook');
});

test('a phrase needs its words in order', async () => {
  expect(await find('"holiday policy"')).toEqual(['holiday', 'handbook']);
  expect(await find('"policy holiday"')).toEqual([]);
});

test('exclusions take words and phrases out', async () => {
  expect(await find('holiday -handbook')).toEqual(['holiday', 'reversed']);
  expect(await find('holiday -"holiday policy"')).toEqual(['reversed']);
  expect(await find('-holiday -東京 -北京 -서울 space:team')).toEqual(['who', 'resume']);
});

test('OR joins its neighbours before the rest must match', async () => {
  expect(await find('leave OR handbook policy')).toEqual(expect.arrayContaining(['holiday', 'handbook']));
  expect(await find('leave OR handbook employee')).toEqual(['handbook']);
});

test('the last word is a prefix only while it is being typed', async () => {
  expect(await find('documentati')).toEqual([]);
  expect(await find('documentati', { prefix: true })).toEqual(['runbook']);
  expect(await find('documentati ', { prefix: true })).toEqual([]);
  expect(await find('employee hand', { prefix: true })).toEqual(['handbook']);
});

test('accents, umlauts and sharp s fold both ways', async () => {
  for (const q of [
    'resume',
    'résumé',
    'RÉSUMÉS',
    're\u0301sume\u0301',
    'strasse',
    'STRASSE',
    'Straße',
    'grosse',
    'ubung',
  ]) {
    expect([q, await find(q)]).toEqual([q, ['resume']]);
  }
});

test('Chinese, Japanese and Korean are found by any substring, of one character too', async () => {
  for (const q of [
    '東京',
    '京都',
    '都庁の近',
    '庁',
    'API設計',
    'api設計書',
    '東京 近く',
    '"東京都庁"',
    'ＡＰＩ設計',
    'ｵﾌｨｽ',
    'オフィス',
  ]) {
    expect([q, await find(q)]).toEqual([q, ['tokyo']]);
  }
  expect(await find('北京')).toEqual(['beijing']);
  expect(await find('울특')).toEqual(['seoul']);
  expect(await find('서울 -사무실')).toEqual([]);
  expect(await find('京')).toEqual(expect.arrayContaining(['tokyo', 'beijing']));
  expect(await find('都京')).toEqual([]);
  expect((await find('北京 OR 東京 OR holiday')).length).toBe(5);
});

test('nothing but stop words looks for titles', async () => {
  expect(await find('who is who')).toEqual(['who']);
  expect(await find('who is on call')).toEqual(['runbook']);
});

test('what looks like an operator or an address is only text', async () => {
  for (const q of [
    'error:404',
    'example.com/path',
    'e.g.',
    "o'call:* | !x & ( call",
    'restarts (services)',
  ]) {
    await expect(find(q)).resolves.toBeInstanceOf(Array);
  }
  for (const q of ['error:404', 'example', '"example.com/path"', 'path e.g. hand', 'error-404']) {
    expect([q, await find(q)]).toEqual([q, ['runbook']]);
  }
  expect(await find('404:error')).toEqual([]);
});

test('filters narrow, typed or chosen', async () => {
  expect(await find('space:ops')).toEqual(['runbook']);
  expect(await find('', { space: ['OPS'] })).toEqual(['runbook']);
  expect(await find('label:runbook')).toEqual(['runbook']);
  expect(await find('author:anna')).toEqual(['runbook']);
  expect(await find('author:"Anna Muller"')).toEqual(['runbook']);
  expect(await find('', { modifiedAfter: new Date('2026-05-01') })).toEqual(['runbook']);
  expect(await find('', { type: ['attachment'] })).toEqual([]);
  expect(await find('', { author: ['a_na'] })).toEqual([]);
});

test('an empty query lists the newest first', async () => {
  const all = await find('');
  expect(all[0]).toBe('runbook');
  expect(all.slice(1)).toEqual([
    'who',
    'seoul',
    'beijing',
    'tokyo',
    'resume',
    'reversed',
    'handbook',
    'holiday',
  ]);
});
