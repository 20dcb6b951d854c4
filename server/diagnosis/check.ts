import { SluiceError } from '../../errors.ts';

/** `skipped`: it could not be looked at, for the reason that `found` gives. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** What was found, in words without a secret; `remedy` where something is to be done. */
export interface Finding {
  state: Verdict;
  found: string;
  remedy?: string;
}

/** One thing that is looked at. */
export interface DiagnosisCheck {
  /** Stable: docs/diagnosis.md lists them. */
  name: string;
  title: string;
  why: string;
  connection?: { id: string; name: string };
  /** @param signal aborts when the time is over */
  look(signal: AbortSignal): Promise<Finding>;
}

export interface CheckResult {
  name: string;
  title: string;
  connection: { id: string; name: string } | null;
  state: Verdict;
  found: string;
  why: string;
  remedy: string | null;
  /** The page that tells more. */
  docs: string;
}

export interface Diagnosis {
  at: string;
  /** Nothing has failed. */
  ok: boolean;
  counts: Record<Verdict, number>;
  checks: CheckResult[];
}

export const ok = (found: string): Finding => ({ state: 'ok', found });
export const skipped = (found: string): Finding => ({ state: 'skipped', found });
export const warning = (found: string, remedy: string): Finding => ({ state: 'warning', found, remedy });
export const failed = (found: string, remedy: string): Finding => ({ state: 'failed', found, remedy });

/** Looks at everything at once; each has `deadlineMs`, so that the whole takes no longer. Never throws. */
export async function runChecks(
  checks: readonly DiagnosisCheck[],
  deadlineMs: number,
  now: Date = new Date(),
): Promise<Diagnosis> {
  const results = await Promise.all(checks.map((check) => runOne(check, deadlineMs)));
  const counts: Diagnosis['counts'] = { ok: 0, warning: 0, failed: 0, skipped: 0 };
  for (const { state } of results) counts[state] += 1;
  return { at: now.toISOString(), ok: counts.failed === 0, counts, checks: results };
}

async function runOne(check: DiagnosisCheck, deadlineMs: number): Promise<CheckResult> {
  const { name, title, why, connection = null } = check;
  const { state, found, remedy = null } = await inTime(check, deadlineMs);
  return { name, title, connection, state, found, why, remedy, docs: `docs/diagnosis.md#${anchorOf(title)}` };
}

/** As GitHub makes it of a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(' ', '-');
}

async function inTime(check: DiagnosisCheck, deadlineMs: number): Promise<Finding> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve(
        failed(
          `It was not answered within ${deadlineMs / 1000} seconds.`,
          'Run the diagnosis again; if it stays, look at what stands between: the network, and load.',
        ),
      );
      over.abort();
    }, deadlineMs);
  });
  try {
    return await Promise.race([check.look(over.signal).catch(unexpected), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What was thrown on purpose speaks for itself; anything else may quote what must not be told. */
function unexpected(error: unknown): Finding {
  const told =
    error instanceof SluiceError
      ? error.message
      : `It could not be looked at (${String((error as { code?: unknown }).code ?? (error as Error).name)}).`;
  return failed(told, "The server's log may tell more.");
}

/** Runs `work` at the first call, and gives all callers its one answer. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= work());
}
