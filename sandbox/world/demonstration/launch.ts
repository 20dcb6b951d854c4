import type { Draft } from './draft.ts';
import { pngFile } from './files.ts';
import type { PersonKey } from './people.ts';
import { columns, date, h, image, link, mention, p, panel, status, table, tasks, ul } from './storage.ts';

const MEETINGS: [day: string, there: PersonKey[], topics: string[], decisions: string[]][] = [
  [
    '2026-02-05',
    ['kira', 'ben', 'emi'],
    ['Name of the product: Rover 4 stays', 'The yellow is too close to a competitor’s'],
    ['Colour is decided by the end of March'],
  ],
  [
    '2026-02-19',
    ['kira', 'ines', 'ben'],
    ['Support wants spare grippers in three countries', 'Beta contract reviewed'],
    ['Spare parts in Lyon, Leipzig and Osaka'],
  ],
  [
    '2026-03-05',
    ['kira', 'emi', 'mona'],
    ['Photographs in the warehouse in Malmö', 'Mona shows three directions for the launch film'],
    ['Second direction, without the drone'],
  ],
  [
    '2026-03-19',
    ['kira', 'ben', 'ines'],
    ['What the gripper incident means for the beta', 'Customers were informed the same day'],
    ['Beta starts two weeks later'],
  ],
  [
    '2026-04-16',
    ['kira', 'emi'],
    ['CE marking: papers complete', 'Battery transport rules for Japan'],
    ['Ship by sea, charged to 30 %'],
  ],
  [
    '2026-05-07',
    ['kira', 'ines', 'mona'],
    ['First feedback of the beta customers', 'Docking is “loud and proud”'],
    ['Quieter docking before the launch'],
  ],
  [
    '2026-06-11',
    ['kira', 'ben', 'emi', 'ines'],
    ['Wet floors', 'Wheel slip numbers from Rotterdam'],
    ['Rubber compound B for all'],
  ],
  [
    '2026-08-20',
    ['kira', 'mona'],
    ['Website texts in six languages', 'Film cut to ninety seconds'],
    ['French and Japanese first'],
  ],
  [
    '2026-09-17',
    ['kira', 'ben', 'ines'],
    ['Training for support', 'Launch date: keep 1 December?'],
    ['Keep it; decide again in a month'],
  ],
  [
    '2026-10-15',
    ['kira', 'ben', 'emi', 'ines'],
    ['Go or no-go', 'Open: two-storey maps'],
    ['Go, without two-storey sites'],
  ],
];

export const launch: Draft = {
  title: 'Rover 4 launch',
  by: 'kira',
  labels: ['home', 'launch'],
  body:
    columns(
      h(2, 'Launch day') +
        p(`${date('2026-12-01')} ${status('Green', 'on track')}`) +
        p(`Lead: ${mention('kira')}`),
      h(2, 'Read first') + ul(link('Launch plan'), link('Risks'), link('Beta customers')),
    ) + image('rover4.png', 'Rover 4 in grey'),
  files: [pngFile('rover4.png')],
  children: [
    {
      title: 'Launch plan',
      labels: ['launch', 'plan', 'ai-ingest'],
      body:
        table(
          ['When', 'What', 'Who'],
          ['June', 'Beta with five customers', mention('ines')],
          ['September', 'Training for support and partners', mention('jonas')],
          ['October', 'Go or no-go', mention('ben')],
          ['1 December', 'Launch in Malmö', mention('kira')],
        ) +
        tasks(
          { done: true, text: 'Book the hall' },
          { done: true, text: 'Invite the press' },
          {
            text: `Rehearse the demonstration with a robot that has <em>not</em> been rehearsed with before`,
          },
        ),
      comments: [
        {
          by: 'mona',
          body: p('The film needs the final colour four weeks before.'),
          replies: [
            { by: 'kira', body: p('You have it: grey, RAL 7035.') },
            { by: 'mona', body: p('Thank you!') },
          ],
        },
      ],
      children: [
        {
          title: 'Milestones',
          labels: ['plan'],
          body: ul(
            'M1 design frozen',
            'M2 pilot series of twenty',
            'M3 CE marking',
            'M4 series of two hundred',
          ),
        },
        {
          title: 'Risks',
          labels: ['risk'],
          body: table(
            ['Risk', 'Likely', 'What we do'],
            ['Battery supply', 'medium', 'Second source in Poland'],
            [
              'Firmware rollback during the launch week',
              'low',
              `Freeze ring 3 from 24 November; see ${link('Firmware rollback', undefined, 'ENG')}`,
            ],
            ['Rain in Malmö', 'certain', 'A hall'],
          ),
        },
        {
          title: 'Press kit',
          by: 'mona',
          labels: ['press'],
          body:
            p('Three photographs, one film, a text of 120 words and one of 400.') +
            panel('tip', p('Robots are “it”, never “he” or “she”.')),
          children: [
            {
              title: 'Dossier de presse',
              by: 'mona',
              labels: ['press', 'français'],
              body:
                h(2, 'En bref') +
                p(
                  'Rover 4 déplace jusqu’à quarante kilos, se recharge seul et s’arrête dès qu’une personne s’approche. Le lancement a lieu à Malmö le 1er décembre.',
                ) +
                p('Contact presse : Mona Haddad.'),
            },
          ],
        },
      ],
    },
    {
      title: 'Pricing',
      labels: ['pricing', 'confidential'],
      readers: { groups: ['leadership'] },
      body:
        table(
          ['Package', 'List price', 'Floor'],
          ['Rover 4, one gripper', '€ 38,900', '€ 34,500'],
          ['Service, per year', '€ 4,200', '€ 3,600'],
        ) + p('The floor is for the leadership alone. Below it, ask Henrik.'),
      children: [
        {
          title: 'Discount rules',
          body: p('Ten robots: 6 %. Fifty: 11 %. More only together with a service contract of three years.'),
        },
        {
          title: 'Margin model',
          by: 'henrik',
          readers: { users: ['henrik', 'kira'] },
          body: p(
            'Cost of goods falls by 9 % with the second battery source. The model is attached to the budget in the people and finance space.',
          ),
        },
      ],
    },
    {
      title: 'Beta customers',
      by: 'ines',
      labels: ['beta', 'customer'],
      body: table(
        ['Customer', 'Site', 'Robots', 'Mood'],
        ['Hafenlogistik Kiel', 'Kiel', '12', status('Green', 'happy')],
        ['Vins du Lac', 'Annecy', '4', status('Green', 'happy')],
        ['Port of Gothenburg', 'Göteborg', '20', status('Yellow', 'waits')],
        ['Sato Foods', 'Osaka', '6', status('Green', 'happy')],
        ['Nordbok', 'Uppsala', '8', status('Yellow', 'wet floor')],
      ),
      children: [
        {
          title: 'Beta feedback',
          by: 'ines',
          labels: ['beta'],
          body:
            p('What we hear most: “It should tell me why it stands still.”') +
            ul(
              'Stops without reason shown: 14 times',
              'Docking noise: 9 times',
              'Wish for a printable summary: 7 times',
            ),
        },
      ],
    },
    {
      title: 'Competitors',
      labels: ['market'],
      body:
        table(
          ['Company', 'Robot', 'What it does better'],
          ['Borealis', 'B2', 'Stairs'],
          ['Kumo', 'Hako', 'Price'],
        ) + p('Neither has a gripper that is safe without a cage.'),
    },
    {
      title: 'Localisation',
      labels: ['translation'],
      body:
        p(
          'Console and manuals in English, German, French, Japanese, Swedish and Portuguese. Terms follow the glossary.',
        ) +
        table(
          ['English', 'Deutsch', '日本語'],
          ['charging dock', 'Ladestation', '充電ドック'],
          ['gripper', 'Greifer', 'グリッパー'],
          ['fleet stop', 'Flottenhalt', '全機停止'],
        ),
    },
    {
      title: 'Meeting notes',
      labels: ['meeting-notes'],
      body: p('Every second Thursday. Notes are written during the meeting, or not at all.'),
      children: MEETINGS.map(([day, there, topics, decisions]) => ({
        title: `${day} Launch meeting`,
        by: 'kira' as const,
        labels: ['meeting-notes'],
        body:
          p(`${date(day)} · ${there.map(mention).join(', ')}`) +
          h(2, 'Discussed') +
          ul(...topics) +
          h(2, 'Decided') +
          tasks(...decisions.map((text) => ({ text, done: true }))),
      })),
    },
  ],
};

export const launchBlog: Draft[] = [
  {
    title: 'Rover 4 has a colour',
    type: 'blogpost',
    by: 'kira',
    labels: ['launch'],
    body: p(
      'Grey. Not because nobody could agree, but because it shows dust least, and our customers have dust.',
    ),
    comments: [{ by: 'jonas', body: p('I liked the yellow.') }],
  },
  {
    title: 'Five customers, fifty robots',
    type: 'blogpost',
    by: 'ines',
    labels: ['beta'],
    body: p(
      'The beta has begun. The first call to support came after nine minutes and was about the colour of the lamp.',
    ),
  },
];
