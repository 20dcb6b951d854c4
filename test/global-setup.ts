import { migrate, openDatabase } from '../store/database.ts';
import { onServer, templateName } from './database.ts';

/** Once before all tests: the servers that tests share, and the database that each test file clones. */
export default async function globalSetup(): Promise<void> {
  await onServer(`drop database if exists ${templateName} with (force)`);
  await onServer(`create database ${templateName}`);
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  url.pathname = `/${templateName}`;
  const handle = openDatabase(url.href);
  await migrate(handle.db);
  await handle.close();
}
