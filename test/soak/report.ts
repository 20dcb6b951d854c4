/** What ten days have seen, and what was wrong in them. */
export interface SoakReport {
  seed: number;
  days: number;
  changes: Map<string, number>;
  faults: Map<string, number>;
  /** By kind and end: `incremental succeeded`. */
  runs: Map<string, number>;
  checkpoints: number;
  /** How often somebody was looked at. */
  looks: number;
  records: number;
  /** Folders and the like with nothing in them that are not here: only a full run finds those. */
  emptyPlaces: number;
  /** From the return of what was away to the end of the runs that it had struck; seconds, the longest. */
  slowestRecovery: number;
  /** In the source and not here, at a checkpoint. */
  lost: number;
  /** Here more than once, or here and not in the source. */
  doubled: number;
  /** Here as it was earlier: another title, body, place, version, label. */
  stale: number;
  /** Shown to somebody whom the source would have shown it at no moment of the window. */
  leaked: number;
  /** Owed to somebody at a checkpoint, and not shown. */
  hidden: number;
  /** Runs whose counters do not balance. */
  unbalanced: number;
  /** Places in which a secret stands. */
  secrets: number;
  /** Runs that failed while nothing was wrong, and runs that did not end. */
  unexplained: number;
  /** In words, the first of each kind. */
  findings: string[];
}

export function emptyReport(seed: number, days: number): SoakReport {
  return {
    seed,
    days,
    changes: new Map(),
    faults: new Map(),
    runs: new Map(),
    checkpoints: 0,
    looks: 0,
    records: 0,
    emptyPlaces: 0,
    slowestRecovery: 0,
    lost: 0,
    doubled: 0,
    stale: 0,
    leaked: 0,
    hidden: 0,
    unbalanced: 0,
    secrets: 0,
    unexplained: 0,
    findings: [],
  };
}

/** Whether nothing was wrong. */
export function isSound(report: SoakReport): boolean {
  const { lost, doubled, stale, leaked, hidden, unbalanced, secrets, unexplained } = report;
  return lost + doubled + stale + leaked + hidden + unbalanced + secrets + unexplained === 0;
}

export function count(into: Map<string, number>, name: string): void {
  into.set(name, (into.get(name) ?? 0) + 1);
}

/** The report as lines of text. */
export function renderReport(report: SoakReport): string[] {
  const sum = (of: Map<string, number>) => [...of.values()].reduce((all, one) => all + one, 0);
  const told = (of: Map<string, number>) =>
    [...of].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `  ${name.padEnd(34)} ${times}`);
  return [
    `changes ${sum(report.changes)}`,
    ...told(report.changes),
    `faults ${sum(report.faults)}`,
    ...told(report.faults),
    `runs ${sum(report.runs)}`,
    ...told(report.runs),
    `checkpoints ${report.checkpoints}, looks ${report.looks}, records at the end ${report.records}, empty folders left to the next full run ${report.emptyPlaces}`,
    `slowest recovery ${report.slowestRecovery.toFixed(1)} s`,
    ...report.findings.map((line) => `WRONG ${line}`),
    `stale ${report.stale}, hidden ${report.hidden}, unbalanced ${report.unbalanced}, secrets ${report.secrets}, unexplained ends of runs ${report.unexplained}`,
    `lost ${report.lost}, doubled ${report.doubled}, leaked ${report.leaked}`,
  ];
}
