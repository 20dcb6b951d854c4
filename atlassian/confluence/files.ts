import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Api, ApiDeps } from '../api.ts';
import { pointsOf } from '../budget.ts';
import { AtlassianError, Forbidden, NotFoundThere, RateLimited, RefusedUrl } from '../errors.ts';
import { backoffMs } from '../retry.ts';
import type { FileRequest } from './types.ts';

const mostRedirects = 5;
/** A file that fails is asked for again, each time by a new address: addresses are signed and do not last. */
const mostTries = 3;

/**
 * Files of attachments. `GET …/child/attachment/{attachmentId}/download` of v1 answers with a redirect to a signed
 * address of the file; Atlassian's v2 has no download.
 */
export function createFiles(api: Api, deps: Pick<ApiDeps, 'pause' | 'random' | 'signal'>) {
  const random = deps.random ?? Math.random;
  const pause = deps.pause ?? ((ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }));

  /** Follows the redirects to the file's end. The credential is dropped where another host begins (api.ts). */
  async function follow(first: string, to: string, maxBytes: number): Promise<number> {
    let address = first;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const answer = await api.download(address, { to, maxBytes });
      if (answer.kind === 'file') return answer.bytes;
      address = answer.address;
    }
    const evidence = { method: 'GET', path: new URL(address).pathname, status: null, traceId: null };
    throw new RefusedUrl(`The file is behind more than ${mostRedirects} redirects.`, evidence);
  }

  return {
    async downloadFile({ containerId, attachmentId, version, to, maxBytes }: FileRequest): Promise<number> {
      const [container, attachment] = [containerId, attachmentId].map(encodeURIComponent);
      for (let number = 1; ; number += 1) {
        const { value: address } = await api.call({
          path: `/wiki/rest/api/content/${container}/child/attachment/${attachment}/download`,
          query: { version },
          redirects: true,
          estimate: pointsOf({ core: 1 }),
          schema: z.url(),
          points: () => pointsOf({ core: 1 }),
        });
        try {
          return await follow(address, to, maxBytes);
        } catch (error) {
          if (number >= mostTries || !mayHelp(error)) throw error;
          await pause(backoffMs(number, random()), deps.signal);
        }
      }
    },
  };
}

/** Whether a new address may: the connection broke, or the old one had run out. */
function mayHelp(error: unknown): boolean {
  if (error instanceof RateLimited) return false;
  if (error instanceof Forbidden || error instanceof NotFoundThere) return true;
  return error instanceof AtlassianError && error.retryable;
}
