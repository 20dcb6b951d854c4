import type { ConfluenceReader, ConfluenceSpace } from './types.ts';

/**
 * Walks the listing of a site's spaces to its end.
 * @param options.keys only these are asked for; null: all
 * @param options.most the walk ends early with so many or a few more
 * @param options.onBatch told after each request how many there are by then; what it throws ends the walk
 */
export async function listAllSpaces(
  reader: Pick<ConfluenceReader, 'listSpaces'>,
  options: { keys?: readonly string[] | null; most?: number; onBatch?: (spaces: number) => void } = {},
): Promise<ConfluenceSpace[]> {
  const { keys = null, most = Infinity, onBatch } = options;
  const asked = keys === null ? {} : { keys: [...keys] };
  const spaces: ConfluenceSpace[] = [];
  for (let cursor: string | null = null; ;) {
    const batch: Awaited<ReturnType<ConfluenceReader['listSpaces']>> = await reader.listSpaces({
      cursor,
      ...asked,
    });
    spaces.push(...batch.items);
    onBatch?.(spaces.length);
    if (batch.next === null || spaces.length >= most) return spaces;
    cursor = batch.next;
  }
}
