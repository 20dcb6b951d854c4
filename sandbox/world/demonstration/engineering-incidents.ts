import type { Draft } from './draft.ts';
import type { PersonKey } from './people.ts';
import { textFile } from './files.ts';
import { date, expand, h, link, mention, p, status, table, tasks } from './storage.ts';

interface Incident {
  number: number;
  title: string;
  day: string;
  severity: 1 | 2 | 3;
  minutes: number;
  commander: PersonKey;
  seen: string;
  cause: string;
  next: string[];
}

const INCIDENTS: Incident[] = [
  {
    number: 1987,
    title: 'Robots that lived in 1970',
    day: '2026-01-09',
    severity: 2,
    minutes: 190,
    commander: 'farid',
    seen: 'Forty robots at one site could not connect after a long holiday. Their certificates were “not yet valid”.',
    cause:
      'Flat backup batteries set the clock to 1970; the robot then refused the gateway’s certificate, and could not ask for the time.',
    next: ['Refuse a clock before 2025', 'Ask the dock for the time'],
  },
  {
    number: 2003,
    title: 'Telemetry lost for one region',
    day: '2026-01-28',
    severity: 2,
    minutes: 75,
    commander: 'daniel',
    seen: 'Dashboards of Japanese customers were flat. Robots drove as usual.',
    cause: 'A disk filled with debug logs that nobody had asked for since November.',
    next: ['Alarm at 70 %', 'Logs expire by themselves'],
  },
  {
    number: 2016,
    title: 'Docks blink red without reason',
    day: '2026-02-11',
    severity: 3,
    minutes: 1440,
    commander: 'chloe',
    seen: 'Customers called about red lamps on charging docks that were charging.',
    cause: 'The lamp showed the state before last.',
    next: ['Fixed in firmware 4.0.1'],
  },
  {
    number: 2041,
    title: 'Gripper drops parcels after update',
    day: '2026-03-12',
    severity: 1,
    minutes: 232,
    commander: 'farid',
    seen: 'Two customers reported dropped parcels within an hour of firmware 4.2.0. No one was hurt.',
    cause:
      'The torque limit was read before the gripper type was known, so three-finger grippers ran with the limit of two-finger ones. Firmware rollback on 212 robots ended it.',
    next: ['Read the type first', 'Canary with each gripper type in ring 0', 'Support is paged for SEV1'],
  },
  {
    number: 2058,
    title: 'Map service slow on Monday mornings',
    day: '2026-04-06',
    severity: 3,
    minutes: 55,
    commander: 'farid',
    seen: 'Robots waited up to thirty seconds for their map at shift start.',
    cause: 'Everybody fetches the whole map at six o’clock.',
    next: ['Map tiles (ADR-02)', 'Spread the first fetch over ten minutes'],
  },
  {
    number: 2077,
    title: 'Fleet stop did not reach one robot',
    day: '2026-05-21',
    severity: 1,
    minutes: 41,
    commander: 'ben',
    seen: 'During a drill one robot out of sixty kept driving for nine seconds after the fleet stop.',
    cause: 'It was between two mobile cells. The stop was queued, not lost.',
    next: ['Stop over the dock’s radio as well', 'Say the nine seconds in the runbook'],
  },
  {
    number: 2090,
    title: 'Wrong customer name on reports',
    day: '2026-06-15',
    severity: 2,
    minutes: 120,
    commander: 'daniel',
    seen: 'One weekly report carried the name of another customer on its cover. The numbers were right.',
    cause: 'A cached cover page.',
    next: ['No cache for covers', 'Tell both customers the same day'],
  },
  {
    number: 2104,
    title: 'Database failover took eleven minutes',
    day: '2026-07-30',
    severity: 2,
    minutes: 11,
    commander: 'farid',
    seen: 'The console was read-only for eleven minutes after a planned failover.',
    cause: 'The old primary was asked politely to stop, and took its time.',
    next: ['Fence the old primary first'],
  },
  {
    number: 2119,
    title: 'Password spraying against the console',
    day: '2026-09-02',
    severity: 2,
    minutes: 300,
    commander: 'farid',
    seen: 'Forty thousand sign-in attempts from nine hundred addresses; no account was entered.',
    cause: 'A list of passwords from elsewhere. Two customers had no second factor.',
    next: ['Second factor for every customer by December'],
  },
  {
    number: 2131,
    title: 'Tiles of the wrong floor',
    day: '2026-10-19',
    severity: 2,
    minutes: 66,
    commander: 'chloe',
    seen: 'Robots in a two-storey warehouse stopped in front of walls that are one floor up.',
    cause: 'Tile keys did not hold the floor. Ring 1 only.',
    next: ['Floor in the key', 'A two-storey site in ring 0'],
  },
];

export const incidents: Draft = {
  title: 'Incident reports',
  type: 'folder',
  by: 'farid',
  children: INCIDENTS.map((incident) => ({
    title: `INC-${incident.number}: ${incident.title}`,
    by: incident.commander,
    labels: ['incident', `sev${incident.severity}`, ...(incident.severity === 1 ? ['ai-ingest'] : [])],
    // The report about an attack names customers who had no second factor.
    ...(incident.number === 2119
      ? { readers: { users: ['farid', 'ben'] as PersonKey[], groups: ['leadership' as const] } }
      : {}),
    body:
      table(
        ['Day', 'Severity', 'Lasted', 'Commander'],
        [
          date(incident.day),
          status(incident.severity === 1 ? 'Red' : 'Yellow', `SEV${incident.severity}`),
          `${incident.minutes} minutes`,
          mention(incident.commander),
        ],
      ) +
      h(2, 'What was seen') +
      p(incident.seen) +
      h(2, 'Why') +
      p(incident.cause) +
      h(2, 'What we change') +
      tasks(...incident.next.map((text, index) => ({ text, done: index === 0 }))) +
      expand('How we worked', p(`By the ${link('Incident runbook')}. Times are in UTC.`)),
    files:
      incident.number === 2041
        ? [
            textFile(
              'affected-robots.csv',
              'text/csv',
              'robot,gripper,rolled back\nRV4-0007,three-finger,2026-03-12T14:02Z\nRV4-0031,three-finger,2026-03-12T14:03Z\n',
            ),
          ]
        : [],
    comments:
      incident.number === 2041
        ? [
            {
              by: 'ines',
              body: p('Both customers were called before they called us the second time. Thank you.'),
            },
          ]
        : [],
  })),
};
