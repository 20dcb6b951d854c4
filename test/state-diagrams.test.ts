import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { connectionMoves } from '../store/connection-moves.ts';
import { credentialCauses } from '../store/credential-notices.ts';
import { endedRunStates, openRunStates } from '../store/run-state.ts';
import { filesOfOurs, root } from './imports.ts';
import { connectionDiagram, runDiagram } from './state-diagrams.ts';

const page = readFileSync(join(root, 'docs/status.md'), 'utf8');

test('the page on status draws what connections may become, and runs', () => {
  expect(page).toContain(connectionDiagram());
  expect(page).toContain(runDiagram());
});

test('it tells of every status, every state and every cause', () => {
  const statuses = new Set(Object.values(connectionMoves).flatMap((table) => Object.keys(table)));
  const codes = [...statuses, ...openRunStates, ...endedRunStates, ...credentialCauses, 'mass_deletion'];
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

test('it tells of every notice', () => {
  const opened = filesOfOurs('.ts')
    .filter(
      (path) => /^(activities|store|temporal|server|notices)\//.test(path) && /(?<!\.test)\.ts$/.test(path),
    )
    .filter((path) => /\b(openNotice|closeNotice|openNotices)\(/.test(readFileSync(join(root, path), 'utf8')))
    .flatMap((path) =>
      [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /(?:\bcode: |^(?:export )?const \w+ = )'([a-z_]+)'/gm,
        ),
      ].map(([, code = '']) => code),
    );
  expect(opened.length).toBeGreaterThan(3);
  expect([...new Set(opened)].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
