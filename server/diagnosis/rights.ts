import { z } from 'zod';
import type { Api } from '../../atlassian/api.ts';
import { Forbidden, NotFoundThere, Unauthorized } from '../../atlassian/errors.ts';
import { failed, ok, skipped, warning, type DiagnosisCheck, type Finding } from './check.ts';
import { siteFailure, type Site } from './site.ts';

interface Right {
  name: string;
  title: string;
  why: string;
  /** What is done about it. */
  remedy: string;
  /** Syncs do without. */
  optional?: true;
  /** @returns what was seen @throws AtlassianError */
  ask: (api: Api) => Promise<Finding>;
}

const anAdministrator = 'Let a Confluence administrator give the consent, or make the API token.';

/** What the crawling account must be able to read; each is one small request, groups are two. */
const rights: readonly Right[] = [
  {
    name: 'right_spaces',
    title: 'Right to list spaces',
    why: 'What the account may not view cannot be indexed, whoever else may see it.',
    remedy: 'Give the account access to Confluence and to the spaces that are to be found.',
    ask: async (api) =>
      (await ask(api, '/wiki/api/v2/spaces', { limit: 1 }, listed)).length > 0
        ? ok('Spaces can be listed.')
        : warning('The account sees no space at all.', 'Give it access to the spaces that are to be found.'),
  },
  {
    name: 'right_restrictions',
    title: 'Right to read restrictions',
    why: 'Whom a restriction admits must be known: a page whose restriction cannot be read is shown to nobody.',
    remedy: anAdministrator,
    ask: async (api) => {
      const query = {
        cql: 'type = page',
        limit: 1,
        expand: 'restrictions.read.restrictions.user,restrictions.read.restrictions.group',
      };
      const [page] = await ask(api, '/wiki/rest/api/content/search', query, restricted);
      return page === undefined
        ? skipped('There is no page to try it with.')
        : page.restrictions === undefined
          ? failed('Pages come without their restrictions.', anAdministrator)
          : ok('Restrictions can be read.');
    },
  },
  {
    name: 'right_groups',
    title: 'Right to read groups',
    why: 'Until groups and their members can be read, what is open to a group is shown to nobody.',
    remedy: anAdministrator,
    ask: async (api) => {
      const [group] = await ask(api, '/wiki/rest/api/group', { limit: 1 }, groups);
      if (group === undefined) return warning('The site lists no group.', anAdministrator);
      const path = `/wiki/rest/api/group/${encodeURIComponent(group.id)}/membersByGroupId`;
      await ask(api, path, { limit: 1 }, listed);
      return ok('Groups and their members can be read.');
    },
  },
  {
    name: 'right_audit_log',
    title: 'Right to read the audit log',
    why: 'It tells of changed permissions at once; without it the regular reading finds them later.',
    remedy: `${anAdministrator} The site's plan must have the audit log's API.`,
    optional: true,
    ask: async (api) => {
      await ask(api, '/wiki/rest/api/audit', { limit: 1 }, listed);
      return ok('Audit records can be read.');
    },
  },
];

export function rightsChecks(site: () => Promise<Site | null>): Omit<DiagnosisCheck, 'connection'>[] {
  return rights.map(({ name, title, why, remedy, optional, ask: tryIt }) => ({
    name,
    title,
    why,
    async look() {
      const opened = await site();
      if (opened === null) return skipped('Not looked at, because there is no credential.');
      try {
        return await tryIt(opened.api);
      } catch (error) {
        const told = siteFailure(error);
        if (told !== null) return told;
        if (error instanceof Unauthorized)
          return skipped('Not looked at, because the credential is not taken.');
        if (!(error instanceof Forbidden) && !(error instanceof NotFoundThere)) throw error;
        const found = `Atlassian refuses it to the account: ${error.message}`;
        return optional === true ? warning(found, remedy) : failed(found, remedy);
      }
    },
  }));
}

const listed = z.object({});
const groups = z.object({ id: z.string() });
const restricted = z.object({ restrictions: z.unknown().optional() });

async function ask<T>(
  api: Api,
  path: string,
  query: Record<string, string | number>,
  item: z.ZodType<T>,
): Promise<T[]> {
  const schema = z.object({ results: z.array(item) });
  const { value } = await api.call({ path, query, estimate: 3, schema, points: () => 3 });
  return value.results;
}
