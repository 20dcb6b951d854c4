/** How this sandbox behaves beyond its world. */
export interface SandboxOptions {
  /** Points that an OAuth app may spend in one UTC hour. */
  quotaPoints: number;
  /** Requests a second that one account may send, whatever its credential; null: no limit. */
  burstPerSecond: number | null;
  /** Every API answer waits this long. */
  latencyMs: number;
  /** Makes tokens and whatever else is drawn by lot; the same seed draws the same lots. */
  seed: number;
  /** The two forms in which a dead refresh token was seen to be refused. */
  deadRefreshToken: 'invalid_grant' | 'unauthorized_client';
  /** How many of the last requests the log keeps. */
  logLength: number;
  /** CQL does not see changes newer than this: the search index follows behind. */
  searchLagSeconds: number;
  /** The IANA zone in which CQL reads dates without one: the site's, whoever asks (CONFCLOUD-70966). */
  siteTimeZone: string;
}

export const DEFAULT_OPTIONS: SandboxOptions = {
  quotaPoints: 65_000,
  burstPerSecond: null,
  latencyMs: 0,
  seed: 1,
  deadRefreshToken: 'invalid_grant',
  logLength: 1000,
  searchLagSeconds: 0,
  siteTimeZone: 'UTC',
};
