import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { changeRows, manySpacesRow } from '../bench/changes.ts';
import { attachmentTextRow, extractionRow } from '../bench/files.ts';
import { repointRow } from '../bench/repoint.ts';
import { startRig, type Rig } from '../bench/rig.ts';
import { companyRows, largeSpaceRow } from '../bench/scenarios.ts';
import { searchRow } from '../bench/search-row.ts';
import { renderTable, type Row } from '../bench/table.ts';

const resultsFile = 'bench-results.json';
const say = (line: string) => process.stderr.write(`${line}\n`);

/** What is measured, by name, one after another: each has the machine to itself. */
const parts: Record<string, () => Promise<Row[]>> = {
  company: () => withRig((rig) => companyRows(rig, say)),
  changed: () => withRig((rig) => changeRows(rig, say)),
  spaces: () => withRig(async (rig) => [await manySpacesRow(rig, say)]),
  memory: () => withRig(async (rig) => [await largeSpaceRow(rig, say)]),
  files: async () => [
    await extractionRow(say),
    ...(await withRig(async (rig) => [await attachmentTextRow(rig, say)])),
  ],
  repoint: async () => [await repointRow(say)],
  search: async () => [await searchRow(say)],
};

/**
 * `npm run bench [-- company changed spaces memory files repoint search]`: measures all or what is named, prints one table and writes JSON;
 * fails when something is not reached.
 */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  say(`There is no measurement "${unknown.join('", "')}". Name any of: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) rows.push(...(await measure()));
}
process.stdout.write(`${renderTable(rows)}\n`);
writeFileSync(resultsFile, `${JSON.stringify(rows, null, 2)}\n`);
process.exitCode = rows.some((row) => row.reached === false) ? 1 : 0;

async function withRig(run: (rig: Rig) => Promise<Row[]>): Promise<Row[]> {
  const rig = await startRig(say);
  try {
    return await run(rig);
  } finally {
    await rig.stop();
  }
}
