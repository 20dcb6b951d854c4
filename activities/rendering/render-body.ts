import { cjkText } from '../../content/cjk.ts';
import { rulesDigest, withDefaults } from '../../content/rules/rendering.ts';
import { convertStorage } from '../../content/storage/convert.ts';
import { webBase } from '../../content/url.ts';
import type { RecordWrite } from '../../store/records.ts';
import type { Connection } from '../../store/schema.ts';

/** What a body is rendered from. */
export interface RenderedFrom {
  kind: 'page' | 'blogpost' | 'comment';
  title: string;
  /** For links that name a title alone; empty for comments, which are not asked for it. */
  spaceKey: string;
  /** Storage format. */
  raw: string;
}

export type BodyRenderer = (from: RenderedFrom) => {
  body: RecordWrite['body'] & { rules: string };
  warnings: string[];
};

/**
 * Renders bodies by the content rules of a connection as they are now: what is stored from a listing and what is
 * rendered anew from the store come out alike.
 * @param names of people whom the bodies may mention, by account id
 */
export function createBodyRenderer(
  { site_url: site, settings }: Pick<Connection, 'site_url' | 'settings'>,
  names: ReadonlyMap<string, string>,
): BodyRenderer {
  const rules = withDefaults(settings.content);
  const digest = rulesDigest(rules);
  const baseUrl = webBase(site);
  const userName = (accountId: string) => names.get(accountId) ?? null;
  return ({ kind, title, spaceKey, raw }) => {
    const { markdown, text, warnings } = convertStorage(raw, { baseUrl, spaceKey, userName, rules });
    // A comment's title is "Re: " and that of its page, which it is not found by.
    const cjk = cjkText(kind === 'comment' ? text : `${title}\n${text}`);
    return { body: { format: 'storage', raw, markdown, text, cjk, rules: digest }, warnings };
  };
}
