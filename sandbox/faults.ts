import type { RequestHandler } from 'express';
import type { Clock } from './clock.ts';
import type { Caller } from './context.ts';
import { applyAction } from './faults/actions.ts';
import { createBarriers } from './faults/barriers.ts';
import type { Barriers } from './faults/barriers.ts';
import { faultRule } from './faults/rule.ts';
import type { FaultRule, FaultRuleInput } from './faults/rule.ts';
import type { Host } from './hosts.ts';
import { createLots } from './lots.ts';

export type { FaultAction, FaultRule, FaultRuleInput } from './faults/rule.ts';

/** A rule with what has become of it. */
export interface ActiveRule extends FaultRule {
  id: string;
  /** Requests that matched, hit or not. */
  matched: number;
  hits: number;
}

/** Rules that spoil answers on purpose; the first that hits decides. The same seed spoils the same requests. */
export interface FaultPlan {
  add(rule: FaultRuleInput): ActiveRule;
  remove(id: string): boolean;
  rules(): readonly ActiveRule[];
  /** Forgets the rules, lets go of what is held, and draws lots afresh. */
  clear(seed?: number): void;
  barriers: Barriers;
  middleware(): RequestHandler;
}

export function createFaultPlan(clock: Clock, seed: number): FaultPlan {
  const barriers = createBarriers();
  let rules: (ActiveRule & { pattern: RegExp | null })[] = [];
  let lots = createLots(seed);
  let serial = 0;

  return {
    barriers,
    add(input) {
      const rule = faultRule.parse(input);
      serial += 1;
      const pattern = rule.match.path === undefined ? null : new RegExp(rule.match.path);
      const active = { ...rule, id: rule.id ?? `rule-${serial}`, matched: 0, hits: 0, pattern };
      rules.push(active);
      return active;
    },
    remove(id) {
      const before = rules.length;
      rules = rules.filter((rule) => rule.id !== id);
      return rules.length < before;
    },
    rules: () => rules.map(({ pattern: _pattern, ...rule }) => rule),
    clear(newSeed) {
      rules = [];
      lots = createLots(newSeed ?? seed);
      barriers.releaseAll();
    },
    middleware: () => (req, res, next) => {
      if (rules.length === 0) {
        next();
        return;
      }
      const { host, caller } = res.locals as { host: Host; caller: Caller };
      for (const rule of rules) {
        const { match } = rule;
        if (match.method !== undefined && match.method !== req.method) continue;
        if (match.host !== undefined && match.host !== host) continue;
        if (match.accountId !== undefined && match.accountId !== caller.accountId) continue;
        if (rule.pattern !== null && !rule.pattern.test(req.originalUrl)) continue;
        rule.matched += 1;
        if (rule.matched <= rule.after) continue;
        if (rule.times !== undefined && rule.hits >= rule.times) continue;
        if (rule.probability < 1 && lots.fraction() >= rule.probability) continue;
        rule.hits += 1;
        applyAction(rule.action, { req, res, next }, { clock, barriers });
        return;
      }
      next();
    },
  };
}
