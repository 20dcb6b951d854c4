import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { freePort, portIsFree } from '../process/ports.ts';

const script = fileURLToPath(new URL('../cli/start.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-start-'));
const ports = [await freePort(), await freePort(), await freePort()] as const;
const starts: ChildProcess[] = [];

interface Start {
  /** Resolves once the output holds `words`; rejects when the process ends before. */
  says(words: string): Promise<string>;
  ended: Promise<number | null>;
  process: ChildProcess;
}

/** `cli/start.ts` as `npm start` runs it, on ports and with data of its own. */
function start(): Start {
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      DATA_DIR: dataDir,
      PORT: String(ports[0]),
      SANDBOX_PORT: String(ports[1]),
      METRICS_PORT: String(ports[2]),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  starts.push(child);
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = async (words: string) => {
    while (!output.includes(words)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended:\n${output}`);
      await delay(50);
    }
    return output;
  };
  return { says, ended, process: child };
}

async function search(words: string, email: string): Promise<{ totalVisible: number }> {
  const { apiKey } = JSON.parse(readFileSync(join(dataDir, 'demonstration.json'), 'utf8')) as {
    apiKey: string;
  };
  const response = await fetch(`http://127.0.0.1:${ports[0]}/api/v1/search?q=${words}`, {
    headers: { authorization: `Bearer ${apiKey}`, 'x-sluice-user': email },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { totalVisible: number };
}

afterAll(async () => {
  for (const child of starts) child.kill('SIGKILL');
  // What was below them ends by itself, and still writes to its folder until then.
  while (!(await Promise.all(ports.map(portIsFree))).every(Boolean)) await delay(50);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

test('one command brings up everything, connects and reads the demonstration, and survives being killed', async () => {
  const first = start();
  await first.says('The demonstration is searchable');
  const [ben, mona] = ['ben.okafor@northwind.example', 'mona.haddad@northwind.example'];
  const seen = await search('rover', ben);
  expect(seen.totalVisible).toBeGreaterThan((await search('rover', mona)).totalVisible);
  expect(statSync(join(dataDir, 'demonstration.json')).mode & 0o777).toBe(0o600);

  const second = start();
  expect(await second.ended).toBe(1);

  first.process.kill('SIGKILL');
  while (!(await Promise.all(ports.map(portIsFree))).every(Boolean)) await delay(50);

  const third = start();
  const output = await third.says('Ctrl-C stops everything');
  expect(output).toContain(`http://localhost:${ports[0]}`);
  expect(output).not.toContain('Connecting');
  expect(await search('rover', ben)).toEqual(expect.objectContaining({ totalVisible: seen.totalVisible }));
  third.process.kill('SIGTERM');
  expect(await third.ended).toBe(0);
  expect((await third.says('Stopped')).trimEnd().endsWith('Stopped')).toBe(true);
}, 240_000);
