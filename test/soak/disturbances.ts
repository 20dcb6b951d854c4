import type { FaultRuleInput } from '../../sandbox/faults.ts';
import type { Lots } from '../../sandbox/lots.ts';
import { callsOfAccess } from '../sync/failing-calls.ts';
import { crawler } from '../oracle/company.ts';
import type { Stage } from './stage.ts';

/** Something that goes wrong for an hour. */
interface Disturbance {
  begin(stage: Stage, lots: Lots): void;
  /** Strikes while the hour's runs go on. */
  strike?(stage: Stage): Promise<void>;
  /** Runs may fail of it: the next ones make up for it. */
  mayFail?: boolean;
}

const rule =
  (...rules: FaultRuleInput[]) =>
  ({ faults }: Stage['sandbox']['context']) => {
    for (const each of rules) faults.add(each);
  };

/** Holds the hour's runs at one of their requests, so that what strikes strikes in their midst. */
const hold = (stage: Stage, lots: Lots, earliest = 0) =>
  rule({ after: earliest + lots.below(12), times: 1, action: { kind: 'barrier', name: 'struck' } })(
    stage.sandbox.context,
  );

/** An hour of few requests may never come to the one that is to be struck. */
async function held(stage: Stage): Promise<void> {
  const { barriers } = stage.sandbox.context.faults;
  await Promise.race([barriers.whenHeld('struck'), stage.hourIsOver()]);
}

const disturbances = {
  'a burst of 5xx': {
    begin({ sandbox }, lots) {
      const status = lots.pick([500, 502, 503, 504]);
      rule({ probability: 0.5, times: 8, action: { kind: 'status', status } })(sandbox.context);
    },
  },
  'rate limits': {
    begin({ sandbox }, lots) {
      const retryAfter = lots.pick([0, 1, null]);
      rule({ after: lots.below(6), times: 2, action: { kind: 'rate-limit', retryAfter } })(sandbox.context);
    },
  },
  'dropped connections': {
    begin({ sandbox }, lots) {
      const when = lots.pick(['before', 'after'] as const);
      rule({ probability: 0.3, times: 4, action: { kind: 'drop', when } })(sandbox.context);
    },
  },
  'truncated answers': {
    begin({ sandbox }, lots) {
      const kind = lots.pick(['truncate', 'cut', 'wrong-length', 'login-page'] as const);
      rule({ match: { path: '/wiki/' }, probability: 0.3, times: 3, action: { kind } })(sandbox.context);
    },
  },
  'a call about access refused': {
    begin({ sandbox }, lots) {
      const path = lots.pick(callsOfAccess);
      const status = lots.pick([403, 404]);
      const action = { kind: 'status', status, body: { message: 'Refused' } } as const;
      rule({ match: { path }, times: 4, action })(sandbox.context);
    },
    mayFail: true,
  },
  'slow answers': {
    begin: ({ sandbox }) => rule({ times: 10, action: { kind: 'delay', ms: 150 } })(sandbox.context),
  },
  'tokens that expire mid-run': {
    // The hour begins with an expired token, which each lane meets with its first request.
    begin: (stage, lots) => hold(stage, lots, 8),
    async strike(stage) {
      await held(stage);
      stage.sandbox.context.grants.expireAccessTokens();
      stage.sandbox.context.faults.barriers.releaseAll();
    },
  },
  'a refresh whose reply is lost': {
    begin({ sandbox }) {
      const path = '/oauth/token';
      rule({ match: { path }, times: 1, action: { kind: 'drop', when: 'after' } })(sandbox.context);
      sandbox.context.grants.expireAccessTokens();
    },
  },
  'a consent taken back': {
    begin({ sandbox }) {
      const app = sandbox.context.store.oauthApps()[0];
      if (app !== undefined) sandbox.context.grants.revoke(app.clientId, crawler);
    },
    mayFail: true,
  },
  'a clock that is ahead': {
    begin: ({ sandbox }) => sandbox.context.clock.advance(9 * 60_000),
  },
  'a clock that goes back': {
    begin: ({ sandbox }) => sandbox.context.clock.advance(-5 * 60_000),
  },
  'feeds that lag a little': {
    begin: ({ sandbox }) => void sandbox.context.store.setBehaviour({ feedLagSeconds: 240 }),
  },
  'feeds that lag beyond the overlap': {
    begin: ({ sandbox }) => void sandbox.context.store.setBehaviour({ feedLagSeconds: 3_000 }),
  },
  'a search index that lags': {
    begin({ sandbox }) {
      sandbox.context.options.searchLagSeconds = 600;
    },
  },
  'trash that moves dates': {
    begin: ({ sandbox }) => void sandbox.context.store.setBehaviour({ trashingMovesDate: true }),
  },
  'a worker killed': {
    begin: hold,
    async strike(stage) {
      await held(stage);
      await stage.killWorker();
    },
  },
  'a worker stopped for a deploy': {
    begin: hold,
    async strike(stage) {
      await held(stage);
      await stage.replaceWorker();
    },
  },
  'PostgreSQL killed': {
    begin: hold,
    async strike(stage) {
      await held(stage);
      await stage.restartPostgres();
    },
  },
  'Temporal restarted': {
    begin: hold,
    async strike(stage) {
      await held(stage);
      await stage.restartTemporal();
    },
  },
} satisfies Record<string, Disturbance>;

export type DisturbanceName = keyof typeof disturbances;

/** Each kill is noticed by a heartbeat that is missing for 15 s, so there are few. */
const rare: DisturbanceName[] = [
  'a worker killed',
  'PostgreSQL killed',
  'Temporal restarted',
  'a consent taken back',
];
const common = (Object.keys(disturbances) as DisturbanceName[]).filter((name) => !rare.includes(name));

/** What goes wrong in which hour: every second hour something, each rare thing once in the days there are, and again every five days. */
export function planDisturbances(lots: Lots, hours: number): Map<number, DisturbanceName> {
  const plan = new Map<number, DisturbanceName>();
  for (let hour = 1; hour < hours; hour += 1) if (lots.below(2) === 0) plan.set(hour, lots.pick(common));
  const times = Math.max(1, Math.round(hours / 120));
  for (const name of rare)
    for (let at = 0; at < (name === 'a worker killed' ? times + 1 : times); at += 1)
      plan.set(1 + lots.below(Math.max(1, hours - 2)), name);
  return plan;
}

export function disturbance(name: DisturbanceName): Disturbance {
  return disturbances[name];
}

/** Everything is as it should be again. */
export function calm({ sandbox }: Stage): void {
  const { faults, store, options } = sandbox.context;
  faults.clear();
  store.setBehaviour({ feedLagSeconds: 0, trashingMovesDate: false });
  options.searchLagSeconds = 0;
}
