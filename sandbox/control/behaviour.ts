import type { Router } from 'express';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { faultRule } from '../faults/rule.ts';
import { ControlError, parsed } from './guard.ts';

const UNITS = { ms: 1, seconds: 1000, minutes: 60_000, hours: 3600_000, days: 24 * 3600_000 } as const;
const step = z.object({
  ms: z.number().default(0),
  seconds: z.number().default(0),
  minutes: z.number().default(0),
  hours: z.number().default(0),
  days: z.number().default(0),
});

const optionsPatch = z.strictObject({
  quotaPoints: z.int().positive().optional(),
  burstPerSecond: z.int().positive().nullable().optional(),
  latencyMs: z.number().nonnegative().optional(),
  seed: z.int().optional(),
  deadRefreshToken: z.enum(['invalid_grant', 'unauthorized_client']).optional(),
  logLength: z.int().positive().optional(),
});

/** Faults, barriers, clock, counters and options. */
export function behaviourRoutes(router: Router, context: SandboxContext): void {
  const { faults, clock, counters, meter, options } = context;

  router.get('/faults', (_req, res) => void res.json({ rules: faults.rules() }));
  router.post('/faults', (req, res) => {
    const added = parsed(z.array(faultRule), [req.body].flat()).map((rule) => faults.add(rule));
    res.status(201).json({ rules: added.map(({ id }) => ({ id })) });
  });
  router.delete('/faults', (req, res) => {
    const seed = Number(req.query.seed);
    faults.clear(Number.isInteger(seed) ? seed : undefined);
    res.json({ rules: [] });
  });
  router.delete('/faults/:id', (req, res) => {
    if (!faults.remove(req.params.id)) throw new ControlError(404, `There is no rule ${req.params.id}.`);
    res.json({ rules: faults.rules() });
  });

  router.get('/barriers', (_req, res) => void res.json({ waiting: faults.barriers.waiting() }));
  router.post('/barriers/:name/release', (req, res) => {
    const { count } = parsed(z.object({ count: z.int().positive().optional() }), req.body);
    res.json({ released: faults.barriers.release(req.params.name, count) });
  });

  router.get('/clock', (_req, res) => void res.json({ now: clock.now() }));
  router.put('/clock', (req, res) => {
    const { now } = parsed(z.object({ now: z.iso.datetime() }), req.body);
    clock.set(new Date(now));
    res.json({ now: clock.now() });
  });
  router.post('/clock/advance', (req, res) => {
    const by = parsed(step, req.body);
    for (const [unit, ms] of Object.entries(UNITS)) clock.advance(by[unit as keyof typeof UNITS] * ms);
    res.json({ now: clock.now() });
  });
  router.delete('/clock', (_req, res) => {
    clock.reset();
    res.json({ now: clock.now() });
  });

  router.get('/counters', (_req, res) => void res.json(counters.view()));
  router.delete('/counters', (_req, res) => {
    counters.reset();
    meter.reset();
    res.json(counters.view());
  });
  router.get('/log', (_req, res) => void res.json({ requests: counters.log() }));

  router.get('/options', (_req, res) => void res.json(options));
  router.patch('/options', (req, res) => {
    Object.assign(options, parsed(optionsPatch, req.body));
    res.json(options);
  });
}
