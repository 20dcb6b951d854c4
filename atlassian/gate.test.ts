import { expect, test } from '@jest/globals';
import { createGate } from './gate.ts';

const endpoint = 'GET /x';

test('no more are under way than the pace allows; the others come in the order of asking', async () => {
  const gate = createGate({ most: 2 });
  const first = await gate.enter();
  const second = await gate.enter();
  const order: string[] = [];
  const third = gate.enter().then((passage) => (order.push('third'), passage));
  const fourth = gate.enter().then((passage) => (order.push('fourth'), passage));
  expect(gate.underWay).toBe(2);
  first.leave('answered', endpoint);
  first.leave('answered', endpoint);
  const passage = await third;
  expect([gate.underWay, order]).toEqual([2, ['third']]);
  second.leave('answered', endpoint);
  passage.leave('answered', endpoint);
  (await fourth).leave(null, endpoint);
  expect(order).toEqual(['third', 'fourth']);
  expect(gate.underWay).toBe(0);
});

test('after a refusal fewer are let in, and what was sent before it counts once', async () => {
  let now = 0;
  const gate = createGate({ most: 8, now: () => now });
  const passages = await Promise.all(Array.from({ length: 8 }, () => gate.enter()));
  now = 100;
  for (const each of passages) each.leave('refused', endpoint);
  expect(gate.limit).toBe(4);
  expect(gate.underWay).toBe(0);
});

test('who stops waiting takes no place', async () => {
  const gate = createGate({ most: 1 });
  const passage = await gate.enter();
  const stopping = new AbortController();
  const waiting = gate.enter(stopping.signal);
  stopping.abort(new Error('the run was cancelled'));
  await expect(waiting).rejects.toThrow('the run was cancelled');
  passage.leave('answered', endpoint);
  expect(gate.underWay).toBe(0);
  await expect(gate.enter(stopping.signal)).rejects.toThrow('the run was cancelled');
  (await gate.enter()).leave(null, endpoint);
});
