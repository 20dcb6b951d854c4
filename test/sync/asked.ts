import type { LoggedRequest } from '../../sandbox/counters.ts';
import type { SyncHarness } from './harness.ts';

/** What was asked of one endpoint: answers, and what they held. */
export interface Asked {
  requests: number;
  objects: number;
}

/** What the site was asked for since its counters were reset, by endpoint, and by whether it was for bodies. */
export function asked({ sandbox }: Pick<SyncHarness, 'sandbox'>): Record<string, Asked> {
  const all: Record<string, Asked> = {};
  for (const request of sandbox.context.counters.log()) {
    const name = nameOf(request);
    const one = (all[name] ??= { requests: 0, objects: 0 });
    one.requests += 1;
    one.objects += request.points - 1;
  }
  return all;
}

/** `pages`, `bodies of pages`, `bodies of pages by id`, `search for comments`, `search for labels`, … */
function nameOf({ path, query }: LoggedRequest): string {
  const parameters = new URLSearchParams(query);
  const end = path.replace(/^.*\/(?:api\/v2|rest\/api)\//, '').replace(/\d{3,}/g, '{id}');
  if (end === 'pages' || end === 'blogposts') {
    const bodies = parameters.has('body-format') ? 'bodies of ' : '';
    const where = parameters.has('id')
      ? ' by id'
      : parameters.get('status') === 'current'
        ? ''
        : ' in the trash';
    return `${bodies}${end}${where}`;
  }
  const cql = parameters.get('cql') ?? '';
  const kind = /type = (comment|attachment)/.exec(cql)?.[1];
  const counted = /type = (page|comment|attachment)/.exec(cql)?.[1];
  if (end === 'search') return counted === undefined ? `search for ${cql}` : `count of ${counted}s`;
  if (end !== 'content/search') return end;
  if (kind !== undefined) return `search for ${kind}s`;
  if (/^(label|ancestor) in/.test(cql)) return `search for ${/^\w+/.exec(cql)?.[0]}s`;
  return 'search for restrictions';
}
