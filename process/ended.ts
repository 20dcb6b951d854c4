import { SluiceError } from '../errors.ts';

/**
 * Why a service ended before it was ready, from the last lines of its output: the message of its own last error where
 * it logged one (JSON by pino), else the lines as they are.
 */
export function serviceEnded(lines: string[], code: unknown): SluiceError {
  const told = lines.map(errorIn).findLast((message) => message !== undefined);
  const words = told ?? lines.join('\n').trim();
  return new SluiceError('service_ended', words === '' ? `It ended with code ${String(code)}.` : words);
}

/** The message of a log line (JSON by pino) of level error or fatal; undefined for any other line. */
export function errorIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (typeof entry.level !== 'number' || entry.level < 50) return undefined;
    const { msg = '', err } = entry;
    const cause = err?.message ?? '';
    if (cause.startsWith(msg) || msg.includes(cause)) return msg || cause || 'an error without words';
    return `${msg}: ${cause}`;
  } catch {
    return undefined;
  }
}
