import type { Draft } from './draft.ts';
import { pdfFile, pngFile } from './files.ts';
import { code, h, image, link, ol, p, panel, table, ul } from './storage.ts';

/** Questions with their answers: what seen, what to do, and a note. */
const ANSWERS: { section: string; title: string; seen: string; steps: string[]; note?: string }[] = [
  {
    section: 'Charging',
    title: 'The charging dock lamp is orange',
    seen: 'An orange lamp means that the dock has power but no network. Robots still charge; they cannot book the dock.',
    steps: [
      'Check the cable to the site controller.',
      'Wait two minutes.',
      'If the lamp stays orange, restart the dock with the button below.',
    ],
  },
  {
    section: 'Charging',
    title: 'The robot does not find its dock',
    seen: 'It circles in front of the dock, or stops two metres away.',
    steps: [
      'Clean the reflective marker.',
      'Remove shiny film from nearby shelves.',
      'Teach the dock again from the console.',
    ],
    note: 'Sunlight on the marker has the same effect.',
  },
  {
    section: 'Charging',
    title: 'Charging stops at 80 percent',
    seen: 'This is on purpose above 35 °C: it keeps the battery pack healthy.',
    steps: ['Move the dock to a cooler place.', 'Or allow full charging under Settings, Battery.'],
  },
  {
    section: 'Charging',
    title: 'Replace a battery pack',
    seen: 'Takes ninety seconds and no tools.',
    steps: [
      'Press the fleet stop.',
      'Open the left door.',
      'Pull the yellow handle, push the new pack until it clicks.',
    ],
    note: 'Packs below serial 3100 are not for wet areas.',
  },
  {
    section: 'Moving',
    title: 'The robot stands still and does not say why',
    seen: 'Look at the light ring: blue breathing is waiting, white is thinking, red is stopped.',
    steps: [
      'Blue: another robot has the right of way.',
      'Red: release the stop button by turning it.',
      'Open the console: the reason is in the first line.',
    ],
  },
  {
    section: 'Moving',
    title: 'The robot drives too slowly',
    seen: 'Usually a wet-floor zone, or a map older than a week.',
    steps: ['Check zones on the map.', 'Fetch the map again.', 'Ask for a drive report.'],
  },
  {
    section: 'Moving',
    title: 'Draw a zone that robots avoid',
    seen: 'Zones take effect within a minute.',
    steps: ['Open Map, Zones.', 'Draw the corners in order.', 'Choose Avoid, then Save.'],
  },
  {
    section: 'Moving',
    title: 'What the fleet stop does',
    seen: 'It stops every robot of the site. On mobile networks it can take up to nine seconds.',
    steps: ['Press once to stop.', 'Find and remove the cause.', 'Turn the key to start again.'],
  },
  {
    section: 'Gripper',
    title: 'The gripper drops parcels',
    seen: 'Stop using the robot and call us. It may need an older firmware.',
    steps: [
      'Note the robot number.',
      'Note the firmware under Settings, About.',
      'Call support: we can start a firmware rollback from here.',
    ],
    note: 'Firmware 4.2.0 had a fault that does this. It was withdrawn.',
  },
  {
    section: 'Gripper',
    title: 'Clean the gripper fingers',
    seen: 'Once a week, more often in dusty halls.',
    steps: ['Use water and a soft cloth.', 'No solvents: they harden the coating.'],
  },
  {
    section: 'Gripper',
    title: 'Order spare fingers',
    seen: 'Spare parts are in Lyon, Leipzig and Osaka.',
    steps: ['Two-finger gripper: part NW-2207.', 'Three-finger gripper: part NW-2311.'],
  },
  {
    section: 'Console',
    title: 'Invite a colleague to the console',
    seen: 'Owners and planners can invite.',
    steps: ['Open People.', 'Enter the email.', 'Choose a role: viewer, planner, owner.'],
  },
  {
    section: 'Console',
    title: 'Turn on the second factor',
    seen: 'From December everybody needs one.',
    steps: ['Open Profile, Security.', 'Scan the code with your app.', 'Keep the recovery codes on paper.'],
  },
  {
    section: 'Console',
    title: 'Print a summary of a mission',
    seen: 'Every mission has a summary of one page.',
    steps: ['Open the mission.', 'Choose Print.'],
  },
  {
    section: 'Console',
    title: 'Connect the console to your warehouse system',
    seen: 'Missions can be started by a web request.',
    steps: ['Create a key under Settings, Keys.', 'Send the request below.'],
  },
  {
    section: 'Console',
    title: 'Export telemetry',
    seen: 'Averages by minute, thirteen months back.',
    steps: ['Open Reports, Export.', 'Choose CSV or JSON.'],
  },
];

const SECTIONS = [...new Set(ANSWERS.map(({ section }) => section))];

/** The knowledge base: open to all colleagues, written for customers. */
export const help: Draft = {
  title: 'Help centre',
  by: 'ines',
  labels: ['home', 'help'],
  body:
    p(
      'Answers to what customers ask. If yours is missing, call us: the number is on the robot, under the handle.',
    ) + ul(...SECTIONS.map((section) => link(`${section}: answers`))),
  children: [
    ...SECTIONS.map((section): Draft => ({
      title: `${section}: answers`,
      by: 'jonas',
      labels: ['help'],
      body: p(`Everything about ${section.toLowerCase()}.`),
      children: ANSWERS.filter((answer) => answer.section === section).map(
        ({ title, seen, steps, note }) => ({
          title,
          by: 'jonas' as const,
          labels: [
            'help',
            section.toLowerCase(),
            ...(title.includes('gripper') || title.includes('lamp') ? ['ai-ingest'] : []),
          ],
          body:
            p(seen) +
            h(2, 'What to do') +
            ol(...steps) +
            (note === undefined ? '' : panel('note', p(note))) +
            (title.includes('warehouse system')
              ? code(
                  'bash',
                  'curl -X POST https://console.northwind.example/api/missions \\\n  -H "Authorization: Bearer $KEY" \\\n  -d \'{"robot":"RV4-0007","mission":"aisle-12"}\'',
                )
              : ''),
          files: title.startsWith('Replace a battery')
            ? [
                pngFile('battery-door.png'),
                pdfFile('battery-safety.pdf', 'Battery safety: gloves, dry hands, no jewellery'),
              ]
            : [],
          comments: title.includes('orange')
            ? [{ by: 'ines' as const, body: p('Seen four times this month, always the cable.') }]
            : [],
        }),
      ),
    })),
    {
      title: 'Hilfe auf Deutsch',
      by: 'jonas',
      labels: ['help', 'deutsch'],
      body: p('Die wichtigsten Antworten auf Deutsch.'),
      children: [
        {
          title: 'Die Ladestation leuchtet orange',
          by: 'jonas',
          labels: ['help', 'deutsch'],
          body:
            p('Orange heißt: Strom ja, Netzwerk nein. Der Roboter lädt trotzdem.') +
            ol(
              'Netzwerkkabel zum Standortregler prüfen.',
              'Zwei Minuten warten.',
              'Ladestation mit dem unteren Knopf neu starten.',
            ),
        },
      ],
    },
    {
      title: 'サポートへの連絡',
      by: 'emi',
      labels: ['help', '日本語'],
      body: p(
        '大阪の営業時間は平日九時から十八時までです。緊急の場合はロボットの取っ手の下にある番号へお電話ください。',
      ),
    },
    {
      title: 'Glossary',
      labels: ['help', 'glossary'],
      body:
        table(
          ['Word', 'Means'],
          ['dock', 'the place where a robot charges'],
          ['mission', 'a list of places with something to do at each'],
          ['ring', 'a group of robots that gets new firmware together'],
          ['zone', 'an area with a rule'],
        ) + image('light-ring.png', 'Colours of the light ring'),
      files: [pngFile('light-ring.png')],
    },
    {
      title: 'Answering machine text (internal)',
      by: 'ines',
      readers: { groups: ['support'] },
      body: p(
        '“You have reached Northwind Robotics. If a robot has hurt somebody, press one now.” Change it only together with the duty plan.',
      ),
    },
  ],
};
