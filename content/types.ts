import type { RenderingRules } from './rules/rendering.ts';

/**
 * What the conversion of one body needs to know about the world around it. Links and mentions are given in the
 * body as ids, keys and titles; these functions turn them into words and URLs, or say that they cannot (null).
 */
export interface ConversionContext {
  /** Base of the site's web pages, ending in `/wiki`; empty when unknown. */
  baseUrl: string;
  /** Key of the space that the item lives in, for links that name a title alone. */
  spaceKey: string;
  userName(accountId: string): string | null;
  /** How macros, tables and images are rendered; absent: as their kinds ask. */
  rules?: RenderingRules;
}

/** One body in three forms. `raw` is not touched by conversion and is kept by the caller. */
export interface ConvertedBody {
  markdown: string;
  /** Words alone, blocks separated by newlines: for search and for models. */
  text: string;
  /** What was lost or suspicious ("depth over 200 flattened"), in words for the run's log; usually empty. */
  warnings: string[];
}
