import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { startRig } from '../bench/rig.ts';
import { companyRows, largeSpaceRow } from '../bench/scenarios.ts';
import { renderTable, type Row } from '../bench/table.ts';

const resultsFile = 'bench-results.json';

/** `npm run bench [company|memory]`: measures, prints one table and writes JSON; fails when something is not reached. */
const only = process.argv[2];
const say = (line: string) => process.stderr.write(`${line}\n`);
const rig = await startRig(say);
const rows: Row[] = [];
try {
  if (only === undefined || only === 'company') rows.push(...(await companyRows(rig, say)));
  if (only === undefined || only === 'memory') rows.push(await largeSpaceRow(rig, say));
} finally {
  await rig.stop();
}
process.stdout.write(`${renderTable(rows)}\n`);
writeFileSync(resultsFile, `${JSON.stringify(rows, null, 2)}\n`);
process.exitCode = rows.some((row) => row.reached === false) ? 1 : 0;
