import type { Rig } from './rig.ts';

const batch = 250;

/**
 * A bare listing of the same data: pages with bodies, comments, attachments and restrictions, parsed as JSON and
 * thrown away. What no connector can be faster than.
 * @returns pages a second.
 */
export async function bareListing(rig: Rig, pages: number): Promise<number> {
  const started = performance.now();
  await Promise.all([
    walk(rig, `/wiki/api/v2/pages?limit=${batch}&body-format=storage`),
    walk(rig, `/wiki/api/v2/footer-comments?limit=${batch}&body-format=storage`),
    walk(rig, `/wiki/api/v2/attachments?limit=${batch}`),
    walk(
      rig,
      `/wiki/rest/api/content/search?limit=${batch}&cql=${encodeURIComponent('type = page order by id')}` +
        '&expand=restrictions.read.restrictions.user,restrictions.read.restrictions.group,metadata.labels',
    ),
  ]);
  return pages / ((performance.now() - started) / 1_000);
}

async function walk(rig: Rig, path: string): Promise<void> {
  const authorization = `Basic ${Buffer.from('admin@example.com:sandbox-classic-token').toString('base64')}`;
  for (let next: string | undefined = path; next !== undefined;) {
    const response: Response = await fetch(`${rig.sandboxUrl}${next}`, { headers: { authorization } });
    const answer = (await response.json()) as { _links?: { next?: string } };
    const link: string | undefined = answer._links?.next;
    next = link === undefined || link.startsWith('/wiki') ? link : `/wiki${link}`;
  }
}
