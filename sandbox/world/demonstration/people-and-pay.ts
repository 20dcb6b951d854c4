import type { Draft } from './draft.ts';
import { textFile } from './files.ts';
import type { PersonKey } from './people.ts';
import {
  columns,
  date,
  expand,
  h,
  link,
  mention,
  ol,
  p,
  panel,
  status,
  table,
  tasks,
  ul,
} from './storage.ts';

const FAMILIES: [family: string, levels: [string, string, string][]][] = [
  [
    'Engineering',
    [
      ['E1', '€ 48,000', '€ 58,000'],
      ['E2', '€ 57,000', '€ 71,000'],
      ['E3', '€ 70,000', '€ 89,000'],
      ['E4', '€ 88,000', '€ 112,000'],
    ],
  ],
  [
    'Support',
    [
      ['S1', '€ 39,000', '€ 46,000'],
      ['S2', '€ 45,000', '€ 55,000'],
      ['S3', '€ 54,000', '€ 66,000'],
    ],
  ],
  [
    'Sales',
    [
      ['C1', '€ 42,000', '€ 52,000'],
      ['C2', '€ 51,000', '€ 68,000'],
      ['C3', '€ 67,000', '€ 90,000'],
    ],
  ],
  [
    'Operations',
    [
      ['O1', '€ 38,000', '€ 47,000'],
      ['O2', '€ 46,000', '€ 60,000'],
    ],
  ],
];

const POLICIES: [title: string, text: string[], labels: string[]][] = [
  [
    'Leave',
    [
      'Twenty-eight days a year, everywhere. Up to eight may be carried into March.',
      'Ask your team before you ask the tool.',
    ],
    ['leave'],
  ],
  [
    'Parental leave',
    ['Sixteen weeks at full pay for every parent, in up to three parts, until the third birthday.'],
    ['leave', 'parents'],
  ],
  [
    'Remote work',
    [
      'Work where you work well. Payroll has to know before you work abroad for more than thirty days in a year.',
    ],
    ['remote'],
  ],
  [
    'Travel and expenses',
    ['Trains before planes below six hours. Receipts within thirty days; up to € 25 a meal without one.'],
    ['expenses'],
  ],
  [
    'Equipment',
    ['A laptop for four years, a phone for three. You may keep either for € 50 afterwards.'],
    ['equipment'],
  ],
  [
    'Learning budget',
    ['€ 1,500 and five days a year, for anything that you can explain to a colleague afterwards.'],
    ['learning'],
  ],
  [
    'Sick leave',
    ['Say so by ten in the morning, to one person. A certificate from the fourth day.'],
    ['sick'],
  ],
  [
    'Speaking up',
    ['To your lead, to Grace, or to the lawyer whose number is on the last page. Nobody is told who asked.'],
    ['conduct'],
  ],
];

const REVIEWS: [PersonKey, string][] = [
  ['daniel', 'Carries firmware and on-call both; the load has to fall. Proposed: E4 from January.'],
  ['emi', 'Brought the gripper through certification. Wants to lead a small team.'],
  ['jonas', 'Customers ask for Jonas by name. Proposed: S3.'],
];

/** Narrow: the people team, the finance lead, and inside it restricted levels. */
export const peopleAndPay: Draft = {
  title: 'People and pay',
  by: 'grace',
  labels: ['home'],
  body:
    p(`Policies, pay and everything that is nobody else’s business. Questions to ${mention('grace')}.`) +
    columns(
      h(3, 'Often needed') + ul(link('Leave'), link('Payroll calendar')),
      h(3, 'Confidential') + ul(link('Salary bands'), link('Performance reviews 2026')),
    ),
  children: [
    {
      title: 'Policies',
      labels: ['policy'],
      body: p('Short on purpose. If a policy needs a lawyer to be read, it is rewritten.'),
      children: [
        ...POLICIES.map(([title, text, labels]) => ({
          title,
          labels: ['policy', ...labels],
          body: p(...text) + expand('History', p('Reviewed every year in October by the people team.')),
        })),
        {
          title: 'Urlaubsregelung (Deutschland)',
          labels: ['policy', 'deutsch'],
          body: p(
            'Achtundzwanzig Tage im Jahr, unabhängig von der Betriebszugehörigkeit. Resturlaub verfällt Ende März, wenn er nicht aus dienstlichen Gründen übertragen wurde.',
          ),
        },
      ],
    },
    {
      title: 'Salary bands',
      labels: ['salary', 'confidential'],
      readers: { groups: ['people'], users: ['henrik'] },
      body:
        panel('warning', p('Do not copy. Bands are shown to a person for the own level only.')) +
        p(
          'Salary bands are reviewed each January against two surveys. A person above the band keeps the pay; the band moves up to them.',
        ) +
        p(`Families: ${FAMILIES.map(([family]) => link(`Salary bands: ${family}`)).join(', ')}.`),
      files: [
        textFile(
          'bands-2026.csv',
          'text/csv',
          'family,level,from,to\nEngineering,E1,48000,58000\nEngineering,E2,57000,71000\n',
        ),
      ],
      comments: [
        {
          by: 'henrik',
          body: p('The E3 band is 4 % under the market in Zürich.'),
          on: 'two surveys',
          replies: [{ by: 'grace', body: p('Known. It is in the proposal for January.') }],
        },
      ],
      children: [
        ...FAMILIES.map(([family, levels]) => ({
          title: `Salary bands: ${family}`,
          labels: ['salary'],
          body: table(['Level', 'From', 'To'], ...levels) + p('Gross, per year, full time.'),
        })),
        {
          title: 'Pay round January 2027',
          readers: { users: ['grace', 'henrik'] as PersonKey[] },
          body:
            p('Budget: 3.4 % of the sum of salaries, plus € 60,000 for corrections.') +
            tasks({ text: 'Letters by 18 December' }, { done: true, text: 'Survey bought' }),
        },
      ],
    },
    {
      title: 'Performance reviews 2026',
      labels: ['review', 'confidential'],
      readers: { groups: ['people', 'leadership'] },
      body: p('One page per person, written by the lead, read by the person first.'),
      children: REVIEWS.map(([who, text]) => ({
        title: `Review 2026: ${who === 'daniel' ? 'Daniel Weber' : who === 'emi' ? 'Emi Tanaka' : 'Jonas Keller'}`,
        by: 'ben' as const,
        labels: ['review'],
        readers: { users: ['grace', 'ben', who] as PersonKey[] },
        body: p(mention(who)) + p(text),
      })),
    },
    {
      title: 'Onboarding',
      labels: ['onboarding'],
      body: tasks(
        { text: 'Laptop and badge on the first day' },
        { text: `Read ${link('System overview', undefined, 'ENG')}` },
        { text: 'Drive a robot, with permission' },
      ),
      children: [
        {
          title: 'First week',
          labels: ['onboarding'],
          body: ol(
            'Monday: people and places',
            'Tuesday: the product',
            'Wednesday: your team',
            'Thursday: a customer call, listening',
            'Friday: questions',
          ),
        },
        {
          title: 'Offboarding',
          labels: ['onboarding'],
          body:
            p('Accounts are closed at six in the evening of the last day, by two people.') +
            ul('Return badge and laptop', 'Hand over pages: change the owner, do not copy'),
        },
      ],
    },
    {
      title: 'Payroll calendar',
      labels: ['payroll'],
      body:
        table(
          ['Month', 'Closes', 'Paid'],
          ['November', date('2026-11-18'), date('2026-11-27')],
          ['December', date('2026-12-10'), date('2026-12-18')],
        ) + p('Changes after the closing day count in the next month.'),
    },
    {
      title: 'Headcount plan',
      by: 'henrik',
      labels: ['budget'],
      readers: { groups: ['leadership'] },
      body:
        p(
          'Nine new people in 2027: four in firmware, two in support, one each in sales, finance and operations.',
        ) + p(status('Yellow', 'not approved')),
    },
    {
      title: 'Board minutes 2026-09',
      by: 'henrik',
      readers: { users: ['henrik', 'grace'], hiddenFromCrawlers: true },
      body: p('The board approved the second battery source and asked for a plan for Heron.'),
    },
    {
      title: 'Settlement agreement L.B.',
      by: 'grace',
      readers: { users: ['grace'], hiddenFromCrawlers: true },
      body: p('Between the company and a former employee. Not to be indexed, copied or discussed.'),
    },
  ],
};
