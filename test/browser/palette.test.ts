import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchChromium, openPage } from './chromium.ts';
import { withPalette } from './palette.ts';

const suite = hasChromium() ? describe : describe.skip;

suite('a screenshot with a palette', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test('shows what was on the screen, to a browser too', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 90, height: 60 } });
    await page.setContent(`<style>body { margin: 0; display: flex } div { width: 30px; height: 60px }</style>
      <div style="background: #0b6077"></div><div style="background: #ffffff"></div>
      <div style="background: linear-gradient(#ff0000, #0000ff)"></div>`);
    const reduced = withPalette(await page.screenshot());
    const seen = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      const at = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data];
      return {
        size: [image.width, image.height],
        plain: [at(10, 30), at(45, 30)],
        ends: [at(75, 0), at(75, 59)],
      };
    }, reduced.toString('base64'));
    expect(seen.size).toEqual([90, 60]);
    expect(seen.plain).toEqual([
      [11, 96, 119, 255],
      [255, 255, 255, 255],
    ]);
    expect(seen.ends[0]![0]).toBeGreaterThan(240);
    expect(seen.ends[1]![2]).toBeGreaterThan(240);
    await close();
  });

  test('what is no screenshot is refused', () => {
    expect(() => withPalette(Buffer.from('no image at all, however long it may be'))).toThrow('Not a PNG.');
  });
});
