/**
 * How many requests may be under way at once: one more for each round that went well, half as many after a refusal or a
 * failure (additive increase, multiplicative decrease: Chiu and Jain 1989), a little fewer while answers get slow.
 * Pure arithmetic; gate.ts holds requests back by it.
 */
export interface Pace {
  /** Not whole: it grows by a part with each answer. */
  readonly limit: number;
  /** Requests that were sent before this (ms) tell nothing new: they met what the last decrease answered. */
  readonly decreasedAt: number;
  /** Milliseconds of an endpoint's answers: lately, and in the long run. */
  readonly latencies: ReadonlyMap<string, { lately: number; usually: number }>;
}

/** How an exchange ended. `refused`: 429; `failed`: 5xx, no answer in time. */
export type Outcome = 'answered' | 'refused' | 'failed';

export interface Sample {
  outcome: Outcome;
  endpoint: string;
  /** When it was sent and when it ended, by one clock that only goes forward. */
  sentAt: number;
  endedAt: number;
  /** Requests under way when it ended, itself included. */
  underWay: number;
}

/** As many as the connections that http.ts keeps to one origin. A site that is well never meets this bound. */
export const mostAtOnce = 16;

const decrease = 0.5;
const slowDecrease = 0.85;
const latelyWeight = 0.3;
const usuallyWeight = 0.02;
/** Slow is what takes so much longer than usual, and noticeably so: a small answer that takes thrice its 20 ms is none. */
const slowFactor = 3;
const slowAtLeastMs = 500;

export function startingPace(most = mostAtOnce): Pace {
  return { limit: most, decreasedAt: -Infinity, latencies: new Map() };
}

export function nextPace(pace: Pace, sample: Sample, most = mostAtOnce): Pace {
  const { outcome, sentAt, endedAt, underWay } = sample;
  if (outcome !== 'answered') return sentAt < pace.decreasedAt ? pace : lowered(pace, decrease, endedAt);
  const [latencies, isSlow] = withLatency(pace.latencies, sample);
  const told = { ...pace, latencies };
  if (isSlow && sentAt >= pace.decreasedAt) return lowered(told, slowDecrease, endedAt);
  // What is not used up need not grow.
  if (isSlow || pace.limit >= most || underWay < Math.floor(pace.limit)) return told;
  return { ...told, limit: Math.min(most, pace.limit + 1 / pace.limit) };
}

function lowered(pace: Pace, factor: number, at: number): Pace {
  return { ...pace, limit: Math.max(1, pace.limit * factor), decreasedAt: at };
}

function withLatency(known: Pace['latencies'], { endpoint, sentAt, endedAt }: Sample) {
  const ms = endedAt - sentAt;
  const before = known.get(endpoint) ?? { lately: ms, usually: ms };
  const lately = before.lately + latelyWeight * (ms - before.lately);
  const usually = before.usually + usuallyWeight * (ms - before.usually);
  const latencies = new Map(known).set(endpoint, { lately, usually });
  return [latencies, lately > slowFactor * usually && lately > usually + slowAtLeastMs] as const;
}
