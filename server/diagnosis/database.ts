import type { Kysely } from 'kysely';
import { missingMigrations } from '../../store/database.ts';
import type { DatabaseFacts } from '../../store/database-facts.ts';
import type { Database } from '../../store/schema.ts';
import { failed, ok, warning, type DiagnosisCheck } from './check.ts';

/** docs/configuration.md, DATABASE_URL. */
const oldestVersion = 170_000;
const neededExtensions = ['unaccent'];
/** Of the connections that PostgreSQL allows. */
const crowded = 0.85;

/** PostgreSQL: whether it answers, is new enough, has its schema and room for connections. */
export function databaseCheck(deps: {
  db: Kysely<Database>;
  facts: () => Promise<DatabaseFacts>;
}): DiagnosisCheck {
  return {
    name: 'database',
    title: 'Database',
    why: 'Everything that Sluice knows is in it: without it nothing is found and nothing is synced.',
    async look() {
      let facts: DatabaseFacts;
      try {
        facts = await deps.facts();
      } catch (error) {
        const code = String((error as { code?: unknown }).code ?? 'no answer');
        return failed(`PostgreSQL cannot be used (${code}).`, remedyOf(code));
      }
      const missing = await missingMigrations(deps.db).catch(() => null);
      if (missing === null) {
        return failed(
          'There is no schema yet.',
          'Start the server or a worker once: whichever comes first makes it.',
        );
      }
      if (missing.length > 0) {
        return failed(
          `The schema lacks ${missing.join(', ')}.`,
          'Restart the server or a worker of this version: it brings the schema up.',
        );
      }
      if (facts.readOnly) {
        return failed(
          'The database takes no changes: it is read-only, as a replica is.',
          'Let DATABASE_URL name the primary.',
        );
      }
      const lacking = neededExtensions.filter((name) => !facts.extensions.includes(name));
      if (lacking.length > 0) {
        return failed(
          `The extension ${lacking.join(', ')} is missing.`,
          `Run: create extension ${lacking[0]};`,
        );
      }
      const told = `PostgreSQL ${facts.version}, ${gigabytes(facts.bytes)}, schema current, ${facts.connections} of ${facts.connectionLimit} connections in use.`;
      if (facts.versionNumber < oldestVersion) {
        return warning(told, 'Move to PostgreSQL 17 or newer: older ones are not tested.');
      }
      if (facts.connections > facts.connectionLimit * crowded) {
        return warning(
          told,
          'Raise max_connections, put a pooler before it, or run fewer servers and workers.',
        );
      }
      return ok(told);
    },
  };
}

/** Codes of Node and of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html). */
function remedyOf(code: string): string {
  if (code === '28P01' || code === '28000') return 'Correct user and password in DATABASE_URL.';
  if (code === '3D000') return 'Make the database that DATABASE_URL names.';
  if (code === '53300')
    return 'No connection is left: raise max_connections, or run fewer servers and workers.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'The host in DATABASE_URL is not known: correct it, or look at DNS.';
  return 'Start PostgreSQL, or correct DATABASE_URL.';
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
