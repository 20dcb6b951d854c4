import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { SluiceError } from './errors.ts';

/** What is wrong with the environment: every fault at once, one sentence each, naming the variable and the remedy. */
export class ConfigError extends SluiceError {
  override name = 'ConfigError';
  readonly faults: string[];

  constructor(faults: string[]) {
    const lines = faults.map((fault) => `  - ${fault}`).join('\n');
    super('invalid_configuration', `The configuration is not usable:\n${lines}`, { details: { faults } });
    this.faults = faults;
  }
}

/** The variables whose value may stand in a file instead, named by NAME_FILE: container platforms mount secrets so. */
export const secretVariables = [
  'DATABASE_URL',
  'TEMPORAL_API_KEY',
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEYS_PREVIOUS',
  'ADMIN_PASSWORD',
  'ADMIN_API_KEY',
] as const;

const defaultPort = 3000;

const port = (name: string, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `${name} is a port: a number from 1 to 65535.`)
    .transform(Number)
    .refine((value) => value >= 1 && value <= 65_535, `${name} is a port: a number from 1 to 65535.`)
    .default(fallback);

const origin = (name: string, example: string) =>
  z
    .string()
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
    }, `${name} is an address without a path, such as ${example}.`)
    .transform((text) => new URL(text).origin);

const variables = z.object({
  PORT: port('PORT', defaultPort),
  PUBLIC_URL: origin('PUBLIC_URL', 'https://sluice.example.com').optional(),
  DATA_DIR: z.string().default('.sluice'),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''),
      'DATABASE_URL is a URL such as postgres://user:password@host:5432/database.',
    )
    .optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(
      /^[^\s/:]+:\d{1,5}$/,
      'TEMPORAL_ADDRESS is a host and a port, such as temporal.example.com:7233, without a scheme.',
    )
    .optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS_CA_FILE: z.string().optional(),
  TEMPORAL_TLS_CERT_FILE: z.string().optional(),
  TEMPORAL_TLS_KEY_FILE: z.string().optional(),
  ENCRYPTION_KEY: z
    .string()
    .refine(
      (text) => /^[A-Za-z0-9+/_-]{43}=?$/.test(text),
      'ENCRYPTION_KEY is 32 random bytes in base64: make one by `openssl rand -base64 32` and keep it safe, as nothing else opens the stored credentials.',
    )
    .transform((text) => Buffer.from(text, 'base64'))
    .optional(),
  ENCRYPTION_KEYS_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').flatMap((key) => key.trim() || []))
    .refine(
      (keys) => keys.every((key) => /^[A-Za-z0-9+/_-]{43}=?$/.test(key)),
      'ENCRYPTION_KEYS_PREVIOUS is a list of keys like ENCRYPTION_KEY, separated by commas: what they sealed is opened, and nothing is sealed with them.',
    )
    .transform((keys) => keys.map((key) => Buffer.from(key, 'base64')))
    .default([]),
  ADMIN_EMAIL: z.email('ADMIN_EMAIL is an email address.').optional(),
  ADMIN_PASSWORD: z.string().min(12, 'ADMIN_PASSWORD has at least 12 characters.').optional(),
  ADMIN_API_KEY: z
    .string()
    .min(32, 'ADMIN_API_KEY has at least 32 characters: make one by `openssl rand -hex 32`.')
    .optional(),
  SANDBOX: z.enum(['on', 'off'], 'SANDBOX is "on" or "off".').optional(),
  SANDBOX_PORT: port('SANDBOX_PORT', 4000),
  ATLASSIAN_GATEWAY_URL: origin('ATLASSIAN_GATEWAY_URL', 'http://localhost:4000').optional(),
  ALLOWED_PRIVATE_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((host) => host.trim().toLowerCase() || []))
    .refine(
      (hosts) => hosts.every((host) => /^[a-z0-9.:_-]+$/.test(host)),
      'ALLOWED_PRIVATE_HOSTS is a list of host names separated by commas, without scheme or path.',
    ),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'LOG_LEVEL is one of trace, debug, info, warn, error, fatal, silent.',
    )
    .default('info'),
  METRICS_PORT: port('METRICS_PORT', 9464),
  TRUST_PROXY: z
    .string()
    .regex(/^\d$/, 'TRUST_PROXY is the number of reverse proxies before Sluice, 0 to 9.')
    .transform(Number)
    .default(0),
});

type Variables = z.output<typeof variables>;

/** Everything that the environment decides, parsed. What is undefined is embedded or off. */
export interface Config {
  port: number;
  /** False: the default, which may give way to the next free port. */
  portIsChosen: boolean;
  /** Origin under which browsers reach us, without a trailing slash. */
  publicUrl: string;
  publicUrlIsChosen: boolean;
  /** Absolute path. */
  dataDir: string;
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl: string | undefined;
  temporal: TemporalConfig;
  /** 32 bytes. Undefined only together with `databaseUrl`: then made once in `dataDir`. */
  encryptionKey: Buffer | undefined;
  /** Keys that only open what they sealed: those before, and, while a change is rolled out, the next one. */
  previousEncryptionKeys: Buffer[];
  administrator: { email?: string; password?: string; apiKey?: string };
  sandbox: boolean;
  sandboxPort: number;
  sandboxPortIsChosen: boolean;
  /** Origin that stands in for every Atlassian host: tests and the sandbox only. */
  atlassianGatewayUrl: string | undefined;
  /** Lower-case names of hosts in private ranges that a Data Center site may have. */
  allowedPrivateHosts: string[];
  logLevel: Variables['LOG_LEVEL'];
  metricsPort: number;
  metricsPortIsChosen: boolean;
  /** How many reverse proxies stand before us, whose X-Forwarded-* headers are believed. */
  trustProxy: number;
}

export interface TemporalConfig {
  /** host:port. Undefined: the development server. */
  address: string | undefined;
  namespace: string;
  apiKey: string | undefined;
  /** Undefined: no TLS (unless an API key is given, which needs it). PEM texts. */
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer } | undefined;
}

/** A configuration in which every service has its address: what the server and the worker need. */
export interface ServiceConfig extends Config {
  databaseUrl: string;
  encryptionKey: Buffer;
  temporal: TemporalConfig & { address: string };
}

/**
 * Reads the configuration from environment variables (`process.env`); an empty variable counts as absent.
 * @throws ConfigError with every fault.
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const faults: string[] = [];
  const given = withSecretFiles(env, faults);
  const parsed = variables.safeParse(given);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => issue.message));
  if (given['DATABASE_URL'] !== undefined && given['ENCRYPTION_KEY'] === undefined) {
    faults.push(
      'ENCRYPTION_KEY is missing, and with DATABASE_URL set it is not made by itself: make one by `openssl rand -base64 32`, and give every server and worker the same.',
    );
  }
  if (
    given['ADMIN_EMAIL'] === undefined &&
    (given['ADMIN_PASSWORD'] ?? given['ADMIN_API_KEY']) !== undefined
  ) {
    faults.push('ADMIN_EMAIL is missing: ADMIN_PASSWORD and ADMIN_API_KEY are for the person whom it names.');
  }
  const tls = readTls(given, faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return build(parsed.data, tls, (name) => given[name] !== undefined);
}

/**
 * The configuration of a process that starts nothing itself.
 * @throws ConfigError naming the variables that are missing.
 */
export function parseServiceConfig(env: Record<string, string | undefined>): ServiceConfig {
  const config = parseConfig(env);
  const { databaseUrl, encryptionKey, temporal } = config;
  const faults = Object.entries({
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEY: encryptionKey,
    TEMPORAL_ADDRESS: temporal.address,
  }).flatMap(([name, value]) =>
    value === undefined ? `${name} is missing: set it, or run \`npm start\`, which brings its own.` : [],
  );
  if (databaseUrl === undefined || encryptionKey === undefined || temporal.address === undefined) {
    throw new ConfigError(faults);
  }
  return { ...config, databaseUrl, encryptionKey, temporal: { ...temporal, address: temporal.address } };
}

function build(parsed: Variables, tls: TemporalConfig['tls'], chosen: (name: string) => boolean): Config {
  return {
    port: parsed.PORT,
    portIsChosen: chosen('PORT'),
    publicUrl: parsed.PUBLIC_URL ?? `http://localhost:${parsed.PORT}`,
    publicUrlIsChosen: chosen('PUBLIC_URL'),
    dataDir: resolve(parsed.DATA_DIR),
    databaseUrl: parsed.DATABASE_URL,
    temporal: {
      address: parsed.TEMPORAL_ADDRESS,
      namespace: parsed.TEMPORAL_NAMESPACE,
      apiKey: parsed.TEMPORAL_API_KEY,
      tls: tls ?? (parsed.TEMPORAL_API_KEY === undefined ? undefined : {}),
    },
    encryptionKey: parsed.ENCRYPTION_KEY,
    previousEncryptionKeys: parsed.ENCRYPTION_KEYS_PREVIOUS,
    administrator: {
      ...(parsed.ADMIN_EMAIL !== undefined && { email: parsed.ADMIN_EMAIL }),
      ...(parsed.ADMIN_PASSWORD !== undefined && { password: parsed.ADMIN_PASSWORD }),
      ...(parsed.ADMIN_API_KEY !== undefined && { apiKey: parsed.ADMIN_API_KEY }),
    },
    sandbox: parsed.SANDBOX === undefined ? parsed.DATABASE_URL === undefined : parsed.SANDBOX === 'on',
    sandboxPort: parsed.SANDBOX_PORT,
    sandboxPortIsChosen: chosen('SANDBOX_PORT'),
    atlassianGatewayUrl: parsed.ATLASSIAN_GATEWAY_URL,
    allowedPrivateHosts: parsed.ALLOWED_PRIVATE_HOSTS,
    logLevel: parsed.LOG_LEVEL,
    metricsPort: parsed.METRICS_PORT,
    metricsPortIsChosen: chosen('METRICS_PORT'),
    trustProxy: parsed.TRUST_PROXY,
  };
}

function withSecretFiles(
  env: Record<string, string | undefined>,
  faults: string[],
): Record<string, string | undefined> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  for (const name of secretVariables) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      faults.push(`${name} and ${name}_FILE are both set: keep one.`);
      continue;
    }
    given[name] = readTextFile(`${name}_FILE`, path, faults)?.toString('utf8').trim();
    if (given[name] === '') faults.push(`${name}_FILE names ${path}, which is empty.`);
  }
  return given;
}

function readTls(given: Record<string, string | undefined>, faults: string[]): TemporalConfig['tls'] {
  const read = (name: string) =>
    given[name] === undefined ? undefined : readTextFile(name, given[name], faults);
  const ca = read('TEMPORAL_TLS_CA_FILE');
  const cert = read('TEMPORAL_TLS_CERT_FILE');
  const key = read('TEMPORAL_TLS_KEY_FILE');
  if ((given['TEMPORAL_TLS_CERT_FILE'] === undefined) !== (given['TEMPORAL_TLS_KEY_FILE'] === undefined)) {
    faults.push('TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE belong together: set both or none.');
  }
  if (ca === undefined && cert === undefined) return undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readTextFile(name: string, path: string, faults: string[]): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    faults.push(`${name} names ${path}, which cannot be read (${code}).`);
    return undefined;
  }
}
