import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from '../main.ts';
import type { RunningSandbox } from '../main.ts';
import { createSmallWorld, SMALL, smallPage } from '../world/small.ts';
import { storageToHtml } from './storage-html.ts';

let sandbox: RunningSandbox;
beforeAll(async () => {
  const restricted = { read: { users: [SMALL.mia], groups: [] }, update: { users: [], groups: [] } };
  const world = createSmallWorld({
    content: [
      smallPage('2001', { title: 'Top <1>', body: '<p>Hello</p>' }),
      smallPage('2002', { title: 'Secret', parentId: '2001', restrictions: restricted }),
    ],
  });
  sandbox = await startSandbox({ port: 0, world });
});
afterAll(() => sandbox.close());

async function open(path: string, accountId?: string): Promise<{ status: number; text: string }> {
  const headers: Record<string, string> =
    accountId === undefined ? {} : { cookie: `sandbox_account=${accountId}` };
  const answer = await fetch(`${sandbox.url}${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
}

test('a page opens for those whom it admits, and lists only children that they may open', async () => {
  const mia = await open('/wiki/spaces/ONE/pages/2001/Top', SMALL.mia);
  expect(mia.status).toBe(200);
  expect(mia.text).toContain('<h1>Top &#60;1&#62;</h1>');
  expect(mia.text).toContain('Secret');
  expect((await open('/wiki/spaces/ONE', SMALL.noah)).text).not.toContain('Secret');
});

test('what is hidden and what does not exist are answered alike', async () => {
  const hidden = await open('/wiki/spaces/ONE/pages/2002', SMALL.noah);
  const absent = await open('/wiki/spaces/ONE/pages/9999', SMALL.noah);
  expect([hidden.status, absent.status]).toEqual([404, 404]);
  const withoutNonce = (text: string): string => text.replaceAll(/nonce="[^"]*"/g, '');
  expect(withoutNonce(hidden.text)).toBe(withoutNonce(absent.text));
});

test('a visitor is asked to sign in, and is brought back only into the site', async () => {
  expect(await open('/wiki/spaces/ONE/pages/2001')).toMatchObject({ status: 401 });
  const back = async (to: string): Promise<string | null> => {
    const body = new URLSearchParams({ accountId: SMALL.mia, to });
    const answer = await fetch(`${sandbox.url}/wiki/sign-in`, { method: 'POST', body, redirect: 'manual' });
    expect(answer.headers.get('set-cookie')).toContain(SMALL.mia);
    return answer.headers.get('location');
  };
  expect(await back('/wiki/spaces/ONE/pages/2001')).toBe('/wiki/spaces/ONE/pages/2001');
  expect(await back('https://elsewhere.example/')).toBe('/wiki/spaces');
  expect(await back('//elsewhere.example/wiki/spaces/')).toBe('/wiki/spaces');
});

test('storage format is shown without anything that acts', () => {
  const html = storageToHtml(
    '<p onclick="x()">a &lt;b&gt;</p><script>alert(1)</script><a href="javascript:x()">c</a>' +
      '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">c</ac:parameter><ac:plain-text-body><![CDATA[if (a < b)]]></ac:plain-text-body></ac:structured-macro>' +
      '<table><tbody><tr><td colspan="2">d</td></tr></tbody></table>',
  );
  expect(html).toBe(
    '<p>a &#60;b&#62;</p>alert(1)c<pre>if (a &#60; b)</pre><table><tbody><tr><td colspan="2">d</td></tr></tbody></table>',
  );
});
