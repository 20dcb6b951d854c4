import type { Client } from '@temporalio/client';
import { loadQueueFigures, type QueueFigures } from './queue-figures.ts';
import { taskQueue as defaultTaskQueue } from './names.ts';

/** What Temporal says of itself, as far as it answers. */
export type TemporalFacts =
  | { state: 'away' | 'refused' | 'no_namespace'; code: string }
  | { state: 'there'; version: string; queue: QueueFigures | null; schedules: ReadonlySet<string> | null };

/** Codes of gRPC (grpc.io/docs/guides/status-codes). */
const codes: Record<number, string> = {
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  7: 'PERMISSION_DENIED',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};

/**
 * Looks at the server, the namespace, the queue and the schedules, each once. What is not answered in time is null;
 * never throws.
 */
export async function readTemporalFacts(
  client: Client,
  { taskQueue = defaultTaskQueue, patienceMs = 4_000 } = {},
): Promise<TemporalFacts> {
  const within = <T>(work: () => Promise<T>) => client.connection.withDeadline(Date.now() + patienceMs, work);
  let version = '';
  try {
    const system = await within(() => client.workflowService.getSystemInfo({}));
    version = system.serverVersion ?? '';
    await within(() => client.workflowService.describeNamespace({ namespace: client.options.namespace }));
  } catch (error) {
    const code = codes[Number((error as { code?: unknown }).code)] ?? 'UNAVAILABLE';
    if (code === 'NOT_FOUND') return { state: 'no_namespace', code };
    const refused = code === 'PERMISSION_DENIED' || code === 'UNAUTHENTICATED';
    return { state: refused ? 'refused' : 'away', code };
  }
  const [queue, schedules] = await Promise.all([
    loadQueueFigures(client, { taskQueue, patienceMs }).catch(() => null),
    within(() => scheduleIds(client)).catch(() => null),
  ]);
  return { state: 'there', version, queue, schedules };
}

async function scheduleIds(client: Client): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { scheduleId } of client.schedule.list({ pageSize: 500 })) found.add(scheduleId);
  return found;
}
