import { expect, test } from '@jest/globals';
import { renderFragment } from './html.ts';
import { icon } from './icons.ts';

test('an icon is hidden from assistive technology and carries no colour of its own', () => {
  const markup = renderFragment(icon('lock'));
  expect(markup).toContain('aria-hidden="true"');
  expect(markup).not.toMatch(/style=|fill="#|stroke="#/);
});
