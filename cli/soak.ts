import process from 'node:process';
import { isSound, renderReport } from '../test/soak/report.ts';
import { soak } from '../test/soak/soak.ts';

/**
 * `npm run soak`: SOAK_DAYS (10) simulated days of changes, faults and syncs, with everything compared to the source.
 * SOAK_SEED tells the same days again, SOAK_DIARY=1 with every move and removal in them. Exit code 1 where anything was lost, doubled, leaked or otherwise wrong.
 */
const seed = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const days = Number(process.env['SOAK_DAYS'] ?? 10);
const say = (line: string) => process.stdout.write(`${line}\n`);

say(`Seed ${seed}, ${days} days. The same again: SOAK_SEED=${seed} SOAK_DAYS=${days} npm run soak`);
const started = Date.now();
const report = await soak({ seed, days, say, diary: process.env['SOAK_DIARY'] === '1' });
say('');
for (const line of renderReport(report)) say(line);
say(`minutes ${((Date.now() - started) / 60_000).toFixed(1)}, seed ${seed}`);
process.exitCode = isSound(report) ? 0 : 1;
