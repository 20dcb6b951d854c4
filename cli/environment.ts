import { secretVariables, type ServiceConfig } from '../config.ts';

/** The environment of the server and the worker: ours, with what a start has settled written out. */
export function serviceEnvironment(
  env: Record<string, string | undefined>,
  config: ServiceConfig,
): Record<string, string | undefined> {
  const inherited = { ...env };
  for (const name of secretVariables) delete inherited[`${name}_FILE`];
  return {
    ...inherited,
    PORT: String(config.port),
    PUBLIC_URL: config.publicUrl,
    DATA_DIR: config.dataDir,
    DATABASE_URL: config.databaseUrl,
    ENCRYPTION_KEY: config.encryptionKey.toString('base64'),
    ENCRYPTION_KEYS_PREVIOUS: config.previousEncryptionKeys.map((key) => key.toString('base64')).join(','),
    TEMPORAL_ADDRESS: config.temporal.address,
    TEMPORAL_NAMESPACE: config.temporal.namespace,
    TEMPORAL_API_KEY: config.temporal.apiKey,
    ADMIN_EMAIL: config.administrator.email,
    ADMIN_PASSWORD: config.administrator.password,
    ADMIN_API_KEY: config.administrator.apiKey,
    SANDBOX: config.sandbox ? 'on' : 'off',
    SANDBOX_PORT: String(config.sandboxPort),
    ATLASSIAN_GATEWAY_URL: config.atlassianGatewayUrl,
    METRICS_PORT: String(config.metricsPort),
  };
}
