import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { root } from '../imports.ts';
import type { Story } from './demonstration-story.ts';
import { launchChromium } from './chromium.ts';
import { withPalette } from './palette.ts';

/** A screen as it is kept in docs/screenshots. */
export interface Shot {
  /** Of the file, without its ending. */
  name: string;
  /** Where it is, once the story is told. */
  path: string;
  as?: 'administrator' | 'member' | 'nobody';
  look?: 'light' | 'dark' | 'narrow';
  /** What is pressed or opened before it is taken. */
  before?: (page: Page) => Promise<unknown>;
  /** Pixels; what is below is left out. */
  height?: number;
}

const looks: Record<NonNullable<Shot['look']>, BrowserContextOptions> = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 320, height: 800 }, colorScheme: 'light' },
};
const folder = join(root, 'docs/screenshots');

/** Takes each shot in a context of its own look, signed in as whom it is of. */
export async function takeShots(
  story: Story,
  shots: readonly Shot[],
  say: (line: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await launchChromium();
  try {
    const open = opener(browser, story);
    for (const shot of shots) {
      const page = await open(shot);
      await page.goto(`${story.url}${shot.path}`);
      await shot.before?.(page);
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      const whole = await page.evaluate(() => document.documentElement.scrollHeight);
      const { width, height } = looks[shot.look ?? 'light'].viewport!;
      const tall = Math.min(whole, shot.height ?? height);
      await page.setViewportSize({ width, height: Math.max(tall, 400) });
      const image = withPalette(await page.screenshot({ animations: 'disabled', scale: 'css' }));
      await writeFile(join(folder, `${shot.name}.png`), image);
      say(`${shot.name}.png, ${Math.round(image.length / 1024)} kB`);
      await page.context().close();
    }
  } finally {
    await browser.close();
  }
}

type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A page of its own look, of somebody who signs in once. */
function opener(browser: Browser, story: Story): (shot: Shot) => Promise<Page> {
  const known = new Map<string, SignedIn>();
  return async ({ as = 'administrator', look = 'light' }) => {
    const signedIn = known.get(as);
    const context = await browser.newContext({
      ...looks[look],
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Zurich',
      ...(signedIn === undefined ? {} : { storageState: signedIn }),
    });
    const page = await context.newPage();
    if (as === 'nobody' || signedIn !== undefined) return page;
    const { email, password } = story[as];
    await page.goto(`${story.url}/sign-in`);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname !== '/sign-in');
    known.set(as, await context.storageState());
    return page;
  };
}
