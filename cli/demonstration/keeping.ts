import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDemonstration } from '../../sandbox/world/demonstration.ts';

/** What the demonstration must remember from start to start: a file of its own, readable by its owner only. */
export interface Demonstration {
  email: string;
  password: string;
  apiKey: string;
  /** The site is connected and was synced; from then on the connection is left to its administrator. */
  connected: boolean;
}

const fileOf = (dataDir: string) => join(dataDir, 'demonstration.json');

/**
 * The demonstration's administrator, made once: the person who administers the simulated site, with a password and a
 * key drawn by lot.
 */
export function openDemonstration(dataDir: string): Demonstration {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Demonstration;
  } catch {
    const administrator = createDemonstration().people.find(({ confluenceAdmin }) => confluenceAdmin);
    const made = {
      email: administrator?.email ?? 'administrator@example.com',
      password: randomBytes(9).toString('base64url'),
      apiKey: `demo_${randomBytes(24).toString('base64url')}`,
      connected: false,
    };
    keepDemonstration(dataDir, made);
    return made;
  }
}

export function keepDemonstration(dataDir: string, demonstration: Demonstration): void {
  const path = fileOf(dataDir);
  writeFileSync(`${path}.new`, JSON.stringify(demonstration), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
