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
    hooks: { streamWrite: redact },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
