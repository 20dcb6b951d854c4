/** A worker of its own for token-source.test.ts: says "ready" when it knows the old token, and refreshes on "go". */
import { createInterface } from 'node:readline/promises';
import { createLogger } from '../log.ts';
import { openDatabase } from '../store/database.ts';
import { createCipher, keyProviderFromKey } from '../store/encryption.ts';
import { createGrantVault } from '../store/grants.ts';
import { createAtlassianHttp } from './http.ts';
import { createOAuthClient } from './oauth.ts';
import { createTokenSource } from './token-source.ts';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const input = JSON.parse(String((await lines.next()).value)) as {
  databaseUrl: string;
  gatewayUrl: string;
  key: string;
  grantId: string;
};
const database = openDatabase(input.databaseUrl);
const http = createAtlassianHttp({
  gatewayUrl: input.gatewayUrl,
  allowedPrivateHosts: [],
  log: createLogger('silent'),
  env: {},
});
const tokens = createTokenSource({
  vault: createGrantVault({ db: database.db, cipher: createCipher(keyProviderFromKey(input.key)) }),
  oauth: createOAuthClient({ http }),
  grantId: input.grantId,
});
const old = await tokens.accessToken();
process.stdout.write('ready\n');
await lines.next();
process.stdout.write(`${await tokens.refreshAfter(old)}\n`);
await Promise.all([database.close(), http.close()]);
