import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporalBinary, temporalVersion } from './binary.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'sluice-temporal-'));
/** A folder without programs: the machine's own must not take part. */
const systemPath = fresh();
/** Nothing listens on port 9 (discard). */
const nowhere = 'http://127.0.0.1:9';

function fakeProgram(path: string, words: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "${words}"\n`);
  chmodSync(path, 0o755);
}

let archive: Buffer;
const server = createServer((request, response) => {
  if (request.url?.startsWith(`/cli/v${temporalVersion}?`)) {
    const { port } = server.address() as AddressInfo;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ archiveUrl: `http://127.0.0.1:${port}/archive.tar.gz`, fileToExtract: 'temporal' }),
    );
  } else response.end(archive);
});
beforeAll(async () => {
  const folder = fresh();
  fakeProgram(join(folder, 'temporal'), 'downloaded');
  archive = spawnSync('tar', ['-czf', '-', '-C', folder, 'temporal']).stdout;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
const downloadOrigin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test('the program on the PATH comes first, but not one that does not run', async () => {
  const folder = fresh();
  fakeProgram(join(folder, 'good', 'temporal'), 'installed');
  mkdirSync(join(folder, 'bad'));
  writeFileSync(join(folder, 'bad', 'temporal'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const env = { PATH: `${folder}/bad:${folder}/good:${systemPath}`, XDG_CACHE_HOME: folder };
  expect(await temporalBinary({ progress: () => {}, env, downloadOrigin: nowhere })).toBe(
    join(folder, 'good', 'temporal'),
  );
});

test('then the cached one', async () => {
  const folder = fresh();
  const cached = join(folder, 'sluice', `temporal-${temporalVersion}`);
  fakeProgram(cached, 'cached');
  const env = { PATH: systemPath, XDG_CACHE_HOME: folder };
  expect(await temporalBinary({ progress: () => {}, env, downloadOrigin: nowhere })).toBe(cached);
});

test('then the official download, which is cached', async () => {
  const folder = fresh();
  const env = { PATH: systemPath, XDG_CACHE_HOME: folder };
  const ask = () => temporalBinary({ progress: () => {}, env, downloadOrigin: downloadOrigin() });
  const cached = join(folder, 'sluice', `temporal-${temporalVersion}`);
  // What a killed download has left is cleared away.
  mkdirSync(join(folder, 'sluice', 'download-killed'), { recursive: true });
  expect(await ask()).toBe(cached);
  expect(readFileSync(cached, 'utf8')).toContain('downloaded');
  expect(readdirSync(join(folder, 'sluice'))).toEqual([`temporal-${temporalVersion}`]);
});

test('then a build by Go, where there is a toolchain', async () => {
  const folder = fresh();
  const go = '#!/bin/sh\n[ "$1" = version ] || printf "#!/bin/sh\\n" > "$GOBIN/temporal"\n';
  mkdirSync(join(folder, 'go'));
  writeFileSync(join(folder, 'go', 'go'), go, { mode: 0o755 });
  const env = { PATH: `${folder}/go:${systemPath}`, XDG_CACHE_HOME: folder };
  const said: string[] = [];
  const path = await temporalBinary({ progress: (line) => said.push(line), env, downloadOrigin: nowhere });
  expect(existsSync(path)).toBe(true);
  expect(said.join('\n')).toMatch(/Building the Temporal server with Go/);
});

test('where nothing helps, the remedies are named, with what was tried', async () => {
  const folder = fresh();
  const env = { PATH: systemPath, XDG_CACHE_HOME: folder };
  const failure = temporalBinary({ progress: () => {}, env, downloadOrigin: nowhere });
  await expect(failure).rejects.toMatchObject({ code: 'no_temporal_server' });
  await expect(failure).rejects.toThrow(/TEMPORAL_ADDRESS/);
  await expect(failure).rejects.toThrow(/no Go toolchain/);
  await expect(failure).rejects.toThrow(/out of reach/);
  expect(readdirSync(join(folder, 'sluice'))).toEqual([]);
});
