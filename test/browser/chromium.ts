import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/**
 * Whether tests in a browser can run here. Where no Chromium is, they are skipped with a line that says so; under
 * CI=true that is a failure instead.
 */
export function hasChromium(): boolean {
  if (existsSync(executablePath)) return true;
  const message = `No Chromium at ${executablePath} (CHROMIUM_PATH names another): tests in a browser`;
  if (process.env['CI'] === 'true') throw new Error(`${message} cannot run.`);
  process.stderr.write(`${message} are skipped.\n`);
  return false;
}

/** A headless Chromium with a profile of its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Visit {
  page: Page;
  /** What the browser refused by the Content-Security-Policy, and uncaught errors: none is right. */
  complaints: string[];
  close(): Promise<void>;
}

/** A page in a fresh context that collects violations of the CSP, dialogs and uncaught errors. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  context.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('weberror', (error) => complaints.push(`error: ${error.error().message}`));
  context.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
  });
  return { page: await context.newPage(), complaints, close: () => context.close() };
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core calls serious or critical on the page as it stands, in words with the elements; empty is right. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated rather than added as a script: the page's own policy stays as it is.
  const { readFile } = await import('node:fs/promises');
  await page.evaluate(await readFile(axePath, 'utf8'));
  return page.evaluate(async () => {
    interface Finding {
      id: string;
      impact: string | null;
      help: string;
      nodes: { html: string; failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join(' | ')}`,
      );
  });
}

/** How many pixels the page is wider than its window: more than none scrolls sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
