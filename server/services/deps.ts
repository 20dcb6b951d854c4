import type { Kysely } from 'kysely';
import type { OAuthClient } from '../../atlassian/oauth.ts';
import type { Logger } from '../../log.ts';
import type { NoticePost } from '../../notices/post.ts';
import type { Cipher } from '../../store/encryption.ts';
import type { SiteSize } from '../../store/forecast.ts';
import type { Connection, Database, Product } from '../../store/schema.ts';
import type { SyncEngine } from '../../temporal/engine.ts';
import type { CheckView } from '../views.ts';
import type { Diagnose } from '../diagnosis/diagnosis.ts';
import type { ReadSite } from './site-reader.ts';

/** What every service stands on. */
export interface ServiceDeps {
  db: Kysely<Database>;
  cipher: Cipher;
  engine: SyncEngine;
  log: Logger;
  /** Without a trailing slash; the callback is `<publicUrl>/oauth/atlassian/callback`. */
  publicUrl: string;
  oauth: OAuthClient;
  /** Atlassian's authorize page, or the gateway's with `__host`. */
  authorizeUrl: string;
  /** The scopes that a consent for a product asks for; the same for every purpose (see services/consents.ts). */
  scopesFor: (product: Product) => readonly string[];
  /** Asks the site whether an email and token are good. */
  probeToken: (probe: TokenProbe) => Promise<TokenProbeResult>;
  /** The way out to receivers of notices. */
  noticePost: NoticePost;
  /** The lines of "Test connection". */
  runChecks: (connection: Connection) => Promise<CheckView[]>;
  /** Asks a site how much there is, for the forecast of a first sync; absent where nobody may be asked. */
  countSite?: (connection: Connection) => Promise<SiteSize>;
  /** Reads something of a connection's site while somebody waits. */
  readSite: ReadSite;
  /** Looks at all that a sync stands on. */
  diagnose: Diagnose;
}

export interface TokenProbe {
  siteUrl: string;
  product: Product;
  email: string;
  token: string;
  scoped: boolean;
}

/** `field` is where the remedy is: `siteUrl`, `email`, `token` or `scoped`. */
export type TokenProbeResult =
  | { ok: true; cloudId: string | null; accountId: string; accountName: string }
  | { ok: false; field: string; message: string };
