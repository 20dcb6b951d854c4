import { AsyncLocalStorage } from 'node:async_hooks';
import { pino, type DestinationStream, type Logger } from 'pino';
import { redact } from './redaction.ts';

export type { Logger } from 'pino';

/** Field names whose values never reach a log, at any depth that pino's paths reach. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken',
  'client_secret',
  'clientSecret',
  'apiToken',
  'code',
];

const request = new AsyncLocalStorage<string>();

/** Runs what answers one request: every line that is logged meanwhile carries its id as `requestId`. */
export function duringRequest<T>(id: string, work: () => T): T {
  return request.run(id, work);
}

/** Stands in a line for what `tellOperator` puts there after the line is redacted. */
const place = '[for the operator]';
let telling: string | null = null;

/** JSON lines with secrets redacted by field name, and by their form wherever else they stand. `destination` defaults to standard output. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `req.headers.${field}`]),
      censor: '[redacted]',
    },
    hooks: { streamWrite: finish },
    mixin: () => {
      const requestId = request.getStore();
      return requestId === undefined ? {} : { requestId };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * Logs a secret that is meant for the operator's eyes, such as the one-time set-up link: the message, a colon and the
 * secret. It is the only way past redaction, and the secret alone takes it: the rest of the line, and every other line
 * that holds the same secret, is redacted.
 */
export function tellOperator(log: Logger, message: string, secret: string): void {
  telling = secret;
  try {
    log.info(`${message}: ${place}`);
  } finally {
    telling = null;
  }
}

/** pino writes a line before the call that logs it returns, so what is being told belongs to this line. */
function finish(line: string): string {
  const clean = redact(line);
  if (telling === null) return clean;
  const told = JSON.stringify(telling).slice(1, -1);
  return clean.replace(place, () => told);
}
