import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { canReach, databaseAccount, folderFor } from './account.ts';

const isRoot = process.getuid?.() === 0;
const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';

test('an ordinary user runs the database itself; root lends it an account', () => {
  const account = databaseAccount(passwd);
  expect(account).toEqual(isRoot ? { name: 'nobody', uid: 65534, gid: 65534 } : undefined);
  const other = databaseAccount(`${passwd}postgres:x:70:71::/var/lib/postgresql:/bin/sh\n`);
  expect(other).toEqual(isRoot ? { name: 'postgres', uid: 70, gid: 71 } : undefined);
});

test('without any account to lend, root is told what to do', () => {
  const ask = () => databaseAccount('root:x:0:0::/root:/bin/sh\n');
  if (isRoot) expect(ask).toThrow(/ordinary user, or set DATABASE_URL/);
  else expect(ask()).toBeUndefined();
});

test('a folder that the account cannot enter gives way to one that it can', () => {
  const closed = mkdtempSync(join(tmpdir(), 'sluice-closed-'));
  chmodSync(closed, 0o700);
  const wished = join(closed, 'postgres');
  const account = databaseAccount(passwd);
  const folder = folderFor(account, wished);
  expect(canReach(account, folder)).toBe(true);
  expect(folder.startsWith('/var/lib/sluice/')).toBe(isRoot);
  expect(folderFor(account, wished)).toBe(folder);
  rmSync(folder, { recursive: true });
});
