import PQueue from 'p-queue';
import { loadSpending } from '../../store/permission-readings.ts';
import {
  accountUnits,
  groupUnits,
  oldestContent,
  spaceUnits,
  unreadContainers,
  type Unit,
} from '../../store/permission-units.ts';
import { closeStage } from '../../store/runs.ts';
import { contentToOpen, openReadSpaces } from '../../store/space-opening.ts';
import type { PermissionDueKind } from '../../store/schema.ts';
import type { SyncContext } from '../context.ts';
import { loadPeople } from '../people.ts';
import { loadAllowance, type Allowance } from './allowance.ts';
import { groupCost, loadLoads, stepSizes, type Loads } from './loads.ts';
import { planReadings, type PerKind } from './plan.ts';
import { readContent } from './read-content.ts';
import { createSpaceReading, readGroups, readProduct, readSomeAccounts } from './read-wide.ts';
import { dueIds, openScene, type Scene } from './scene.ts';

/** Steps of content that are asked for side by side. */
const side = 4;

/**
 * Reads what is due, then what was read longest ago, within what the plan gives to each kind: product, spaces, groups,
 * accounts, content, and last the groups and accounts that these named for the first time. Each step is stored by itself;
 * whoever takes the run up again goes on with what is then the oldest.
 */
export async function readDue(context: SyncContext, options: { hourlyPoints?: number }): Promise<void> {
  const { db, connectionId, runId } = context;
  const allowance = await loadAllowance(db, context.connection, options.hourlyPoints);
  const loads = await loadLoads(db, connectionId, allowance);
  const { budgets } = planReadings(loads.kinds, allowance);
  // What the attempt before has spent of them.
  const before = await loadSpending(db, connectionId, { withinSeconds: 86_400, runId });
  for (const { kind, ...spent } of before) budgets[kind] -= spent[allowance.currency];
  const scene = await openScene(context, allowance.currency);

  if (budgets.product > 0 || dueIds(scene, 'product').length > 0) await readProduct(scene);
  const readSpaces = await createSpaceReading(scene);
  await readSteps(scene, 'space', await spaceUnits(db, connectionId), budgets, readSpaces);
  await readSteps(scene, 'group', await groupUnits(db, connectionId), budgets, (ids) =>
    readGroups(scene, ids),
  );
  await readSteps(scene, 'account', await accountUnits(db, connectionId), budgets, (ids) =>
    readSomeAccounts(scene, ids),
  );
  await readAllContent(scene, budgets.content, loads);
  await openReadSpaces(db, connectionId);
  await loadPeople(context, 'newcomers');
  for (const stage of ['product', 'spaces', 'restrictions']) await closeStage(db, runId, stage, 'done');
}

/** Reads units in steps, those that are due first, until the budget is spent. A step is not cut. */
async function readSteps(
  scene: Scene,
  kind: PermissionDueKind,
  units: readonly Unit[],
  budgets: PerKind<number>,
  read: (ids: string[]) => Promise<number>,
): Promise<void> {
  const due = new Set(dueIds(scene, kind));
  const known = new Map(units.map((unit) => [unit.id, unit]));
  const isStale = ({ id, readAt }: Unit) => !due.has(id) && (readAt === null || readAt < scene.began);
  let left = budgets[kind];
  // What is due and not stored is read too: it may be new, and what is not there any more is due no more.
  const first = [...due].map((id) => known.get(id) ?? { id, readAt: null });
  for (const step of stepsOf(kind, first, scene.currency)) left -= await read(step);
  for (const step of stepsOf(kind, units.filter(isStale), scene.currency)) {
    if (left <= 0) return;
    left -= await read(step);
  }
}

/** What an opening space waits for, then what was read longest ago. */
async function nextContent({ context, began }: Scene, limit: number): Promise<string[]> {
  const { db, connectionId } = context;
  const waited = await contentToOpen(db, connectionId, began, limit);
  return waited.length > 0 ? waited : oldestContent(db, connectionId, began, limit);
}

/** A large group is a step of its own. */
function stepsOf(
  kind: PermissionDueKind,
  units: readonly Unit[],
  currency: Allowance['currency'],
): string[][] {
  const steps: string[][] = [];
  let step: string[] = [];
  let cost = 0;
  const close = () => {
    if (step.length > 0) steps.push(step);
    step = [];
    cost = 0;
  };
  for (const { id, members = 0 } of units) {
    const own = kind === 'group' ? groupCost(members, currency) : 0;
    if (step.length === stepSizes[kind] || cost + own > largeStep) close();
    step.push(id);
    cost += own;
  }
  close();
  return steps;
}

const largeStep = 500;

async function readAllContent(scene: Scene, budget: number, { each }: Loads): Promise<void> {
  const { db, connectionId } = scene.context;
  let left = budget;
  const readMany = async (ids: readonly string[]) => {
    const reading = new PQueue({ concurrency: side });
    const steps = Array.from({ length: Math.ceil(ids.length / stepSizes.content) }, (_, n) =>
      ids.slice(n * stepSizes.content, (n + 1) * stepSizes.content),
    );
    const costs = await reading.addAll(steps.map((step) => () => readContent(scene, step)));
    left -= costs.reduce((sum, one) => sum + one, 0);
  };
  await readMany(dueIds(scene, 'content'));
  while (left > 0) {
    const affordable = Math.ceil(left / Math.max(each.content, Number.EPSILON));
    const limit = Math.min(side * stepSizes.content, affordable);
    const ids = await nextContent(scene, limit);
    if (ids.length === 0) break;
    await readMany(ids);
  }
  // Places that something was moved to, up to the top; each reading may name the next.
  for (let ids = await unreadContainers(db, connectionId, 100); ids.length > 0;) {
    await readMany(ids);
    const next = await unreadContainers(db, connectionId, 100);
    if (next.every((id) => ids.includes(id))) break;
    ids = next;
  }
}
