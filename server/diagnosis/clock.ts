import type { DatabaseFacts } from '../../store/database-facts.ts';
import { failed, ok, skipped, warning, type DiagnosisCheck, type Finding } from './check.ts';
import type { Probe } from './network.ts';

const warnSeconds = 30;
const failSeconds = 300;
/** A Date header has whole seconds. */
const halfSecond = 500;

/** This machine's clock against Atlassian's and PostgreSQL's. */
export function clockCheck(deps: {
  probe: (() => Promise<Probe>) | null;
  facts: (() => Promise<DatabaseFacts>) | null;
}): DiagnosisCheck {
  return {
    name: 'clock',
    title: 'Clock',
    why: 'Tokens are renewed, hours of quota counted and schedules judged by the clock.',
    async look() {
      const [atlassian, database] = await Promise.all([
        deps.probe === null ? null : againstAtlassian(deps.probe).catch(() => null),
        deps.facts === null ? null : againstDatabase(deps.facts).catch(() => null),
      ]);
      const known = [
        ...(atlassian === null ? [] : [{ whose: "Atlassian's", seconds: atlassian }]),
        ...(database === null ? [] : [{ whose: "PostgreSQL's", seconds: database }]),
      ];
      return judge(known);
    },
  };
}

export function judge(known: readonly { whose: string; seconds: number }[]): Finding {
  if (known.length === 0) return skipped('Neither Atlassian nor PostgreSQL has told its time.');
  const worst = Math.max(...known.map(({ seconds }) => Math.abs(seconds)));
  const told = known
    .map(({ whose, seconds }) =>
      Math.abs(seconds) < 2
        ? `It agrees with ${whose}.`
        : `It is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} ${whose}.`,
    )
    .join(' ');
  const remedy =
    'Let this machine, and that of PostgreSQL, take the time from NTP (chrony, systemd-timesyncd).';
  if (worst >= failSeconds) return failed(told, remedy);
  return worst >= warnSeconds ? warning(told, remedy) : ok(told);
}

/** Seconds by which the other clock is ahead of ours. */
async function againstAtlassian(probe: () => Promise<Probe>): Promise<number | null> {
  const { answer, sentAt, receivedAt } = await probe();
  if (answer.headers['date'] === undefined) return null;
  return Math.round((answer.serverTime.getTime() + halfSecond - (sentAt + receivedAt) / 2) / 1000);
}

async function againstDatabase(facts: () => Promise<DatabaseFacts>): Promise<number> {
  const { clock, readAt } = await facts();
  return Math.round((clock - readAt) / 1000);
}
