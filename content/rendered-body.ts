import { cjkText } from './cjk.ts';
import { rulesDigest, withDefaults } from './rules/rendering.ts';
import type { ContentRules } from './rules/types.ts';
import { convertStorage } from './storage/convert.ts';
import { webBase } from './url.ts';

/** What a body is rendered from. */
export interface BodySource {
  kind: 'page' | 'blogpost' | 'comment';
  title: string;
  /** For links that name a title alone; empty for comments, which are not asked for it. */
  spaceKey: string;
  /** Storage format. */
  raw: string;
}

/** A body as it is stored. */
export interface RenderedBody {
  format: 'storage';
  raw: string;
  markdown: string;
  text: string;
  /** What of title and text needs an index of its own (cjk.ts). */
  cjk: string | null;
  /** Digest of the rules that it was rendered by. */
  rules: string;
}

export type BodyRenderer = (source: BodySource) => { body: RenderedBody; warnings: string[] };

/**
 * Renders bodies of a site by content rules: what comes from a listing, what is rendered anew from the store and what
 * is previewed come out alike.
 * @param names of people whom the bodies may mention, by account id
 */
export function createBodyRenderer(
  { siteUrl, content }: { siteUrl: string; content: ContentRules | undefined },
  names: ReadonlyMap<string, string>,
): BodyRenderer {
  const rules = withDefaults(content);
  const digest = rulesDigest(rules);
  const baseUrl = webBase(siteUrl);
  const userName = (accountId: string) => names.get(accountId) ?? null;
  return ({ kind, title, spaceKey, raw }) => {
    const { markdown, text, warnings } = convertStorage(raw, { baseUrl, spaceKey, userName, rules });
    // A comment's title is "Re: " and that of its page, which it is not found by.
    const cjk = cjkText(kind === 'comment' ? text : `${title}\n${text}`);
    return { body: { format: 'storage', raw, markdown, text, cjk, rules: digest }, warnings };
  };
}

const mention = /ri:account-id="([^"]+)"/g;

/** Account ids that storage-format bodies mention. */
export function mentionedAccounts(bodies: Iterable<string>): Set<string> {
  const ids = new Set<string>();
  for (const body of bodies) {
    for (const found of body.matchAll(mention)) if (found[1] !== undefined) ids.add(found[1]);
  }
  return ids;
}
