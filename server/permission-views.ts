import type { Layer } from '../permissions/types.ts';

/** How our answers compare with Confluence's own, over the last 30 days. */
export interface ComparisonView {
  compared: number;
  agreed: number;
  /** agreed / compared; null before the first comparison. */
  agreement: number | null;
  open: number;
  /** Of the open ones, where the page is hidden from everybody meanwhile. */
  hidden: number;
  comparedAt: string | null;
  /** Why Confluence does not let us ask. */
  refusal: string | null;
}

export interface DisagreementView {
  id: string;
  at: string;
  state: 'open' | 'resolved';
  /** We admitted a person whom Confluence refuses; else the other way round. */
  tooOpen: boolean;
  accountId: string;
  person: string;
  externalId: string;
  recordId: string | null;
  title: string;
  url: string;
  layers: { kind: Layer['kind']; sourceId: string; state: Layer['state']; admitted: boolean }[];
  resolvedAt: string | null;
  resolution: string | null;
}
