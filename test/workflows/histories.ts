import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkflowClient } from '@temporalio/client';
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;

const folder = fileURLToPath(new URL('histories/', import.meta.url));

/** What happened in one workflow, event by event, as Temporal keeps it. */
export interface RecordedHistory {
  /** e.g. `full`, or `before-steering/full`: recorded with the workflows of an earlier time. */
  name: string;
  /** As it is stored. */
  text: string;
  history: ReturnType<typeof History.fromObject>;
}

/** All that are stored, those of earlier workflows too. */
export function storedHistories(): RecordedHistory[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const text = readFileSync(`${folder}${file}`, 'utf8');
      return { name: file.slice(0, -'.json'.length), text, history: History.fromObject(JSON.parse(text)) };
    });
}

/** Stores one execution of a workflow, without what tells of the machine that it was recorded on. */
export async function storeHistory(
  client: WorkflowClient,
  name: string,
  execution: { workflowId: string; runId?: string },
): Promise<void> {
  const history = await client.getHandle(execution.workflowId, execution.runId).fetchHistory();
  const plain = History.toObject(History.fromObject(history), {
    enums: String,
    longs: String,
    bytes: String,
  });
  const json = JSON.stringify(plain, withoutTheMachine, 1);
  writeFileSync(`${folder}${name}.json`, `${json}\n`);
}

/** Replays look neither at who did something nor at where in the code something was thrown. */
function withoutTheMachine(key: string, value: unknown): unknown {
  if (key === 'identity') return 'worker';
  if (key === 'stackTrace') return '';
  if (key === 'stickyAttributes') return undefined;
  return value;
}
