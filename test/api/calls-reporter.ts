import { existsSync, readFileSync } from 'node:fs';

/** The part of jest's configuration that says whether every test is to run. */
interface Asked {
  nonFlagArgs: string[];
  testNamePattern?: string;
  shard?: unknown;
  onlyChanged: boolean;
}

/**
 * After a run of all tests: fails it when a call of the API was never answered with success by any of them, and says
 * which. What was answered, and what is described, stands in the file that API_CALLS_FILE names.
 */
export default class CallsReporter {
  readonly #asked: Asked;
  #error: Error | undefined;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  onRunComplete(): void {
    const { nonFlagArgs, testNamePattern, shard, onlyChanged } = this.#asked;
    if (nonFlagArgs.length > 0 || Boolean(testNamePattern) || Boolean(shard) || onlyChanged) return;
    const never = neverAnswered(process.env['API_CALLS_FILE'] ?? '');
    if (never.length === 0) return;
    this.#error = new Error(`No test was ever answered with success by: ${never.join(', ')}`);
    process.stderr.write(`${this.#error.message}\n`);
  }

  getLastError(): Error | undefined {
    return this.#error;
  }
}

/** Calls that the file says are described and not that they were answered; a run that describes none is a fault, too. */
export function neverAnswered(file: string): string[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const of = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [described, answered] = [new Set(of('described')), new Set(of('answered'))];
  return described.size === 0
    ? ['(no call is described)']
    : [...described].filter((call) => !answered.has(call));
}
