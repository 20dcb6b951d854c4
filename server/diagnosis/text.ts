import type { CheckResult, Diagnosis, Verdict } from './check.ts';

const words: Record<Verdict, string> = {
  ok: 'ok     ',
  warning: 'WARNING',
  failed: 'FAILED ',
  skipped: 'skipped',
};

/** As lines, for a terminal or a support ticket: what is wrong with its reason and its remedy. */
export function diagnosisText({ at, counts, checks }: Diagnosis): string {
  const summary = `${counts.failed} failed, ${counts.warning} warnings, ${counts.ok} ok, ${counts.skipped} skipped`;
  return [`Diagnosis of ${at}: ${summary}`, ...checks.flatMap(linesOf)]
    .map((line) => line.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' '))
    .join('\n');
}

function linesOf({ title, connection, state, found, why, remedy, docs }: CheckResult): string[] {
  const of = connection === null ? '' : ` of "${connection.name}"`;
  const head = `${words[state]} ${title}${of}: ${found}`;
  if (remedy === null) return [head];
  return [head, `        Why:  ${why}`, `        Do:   ${remedy}`, `        More: ${docs}`];
}
