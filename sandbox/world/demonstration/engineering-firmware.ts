import type { Draft } from './draft.ts';
import { pdfFile } from './files.ts';
import { code, date, h, link, mention, p, panel, status, table, tasks, ul } from './storage.ts';

const RELEASES: [version: string, day: string, ring: string, headline: string, changes: string[]][] = [
  [
    '4.0.0',
    '2025-11-18',
    'withdrawn',
    'First image for Rover 4',
    ['New motor board driver', 'Known problem: docks report a wrong lamp colour'],
  ],
  [
    '4.0.1',
    '2025-12-02',
    'ring 3',
    'Lamp colours',
    ['Charging dock lamp follows the real state', 'Watchdog interval back to 250 ms'],
  ],
  [
    '4.1.0',
    '2026-01-20',
    'ring 3',
    'Faster cold start',
    ['Motion loop starts before optional sensors', 'Eleven seconds from power to motion'],
  ],
  [
    '4.1.1',
    '2026-02-03',
    'ring 3',
    'Clock sanity',
    ['A robot refuses a clock before 2025', 'Certificates renew at 30 days as promised'],
  ],
  [
    '4.2.0',
    '2026-03-10',
    'withdrawn',
    'Gripper torque model',
    [
      'New torque model for the three-finger gripper',
      'Withdrawn: firmware rollback on 212 robots, see INC-2041',
    ],
  ],
  [
    '4.2.1',
    '2026-03-17',
    'ring 3',
    'Torque model, corrected',
    ['Torque limit is read after the gripper type is known', 'Rollback no longer empties the map cache'],
  ],
  ['4.3.0', '2026-05-05', 'ring 3', 'Wheel slip', ['Slip ratio in telemetry', 'Slower turns on wet floors']],
  ['4.3.1', '2026-05-26', 'ring 3', 'Quieter docking', ['Docking at half speed for the last 20 cm']],
  [
    '4.4.0',
    '2026-08-11',
    'ring 2',
    'Secure boot',
    ['Images are verified by the bootloader', 'Robots with bootloader 1.x stay on 4.3'],
  ],
  [
    '4.5.0',
    '2026-10-13',
    'ring 1',
    'Map tiles',
    ['Robots fetch tiles instead of whole maps', 'Mobile data use falls by two thirds'],
  ],
];

/** Two restricted levels whose readers only partly overlap: both hold Daniel and Ben, one holds Chloé, one Farid. */
const bootloader: Draft = {
  title: 'Bootloader',
  by: 'daniel',
  labels: ['firmware', 'security'],
  body:
    p(
      'The bootloader chooses the slot, verifies the image and does as little else as possible. It cannot be rolled back.',
    ) +
    code(
      'c',
      'if (!verify(slot->image, keys)) {\n    slot = other(slot);      /* one chance */\n    if (!verify(slot->image, keys)) enter_recovery();\n}',
    ),
  children: [
    {
      title: 'Secure boot',
      by: 'daniel',
      readers: { groups: ['firmware'], users: ['ben'] },
      body:
        p(
          'How image verification works, which keys are fused, and what an attacker with a screwdriver can and cannot do.',
        ) +
        table(
          ['Fuse', 'Holds', 'Blown'],
          ['F0', 'root key hash', 'at the factory'],
          ['F1', 'rollback counter', 'at each key rotation'],
        ),
      children: [
        {
          title: 'Signing key ceremony',
          by: 'daniel',
          readers: { groups: ['oncall'], users: ['ben'] },
          body:
            p(
              `Two people, two safes, one day. The steps are in ${link('Rotate signing keys')}; this page says who and when.`,
            ) + ul(`Lund: ${mention('ben')}`, `Berlin: ${mention('daniel')}`),
          children: [
            {
              title: 'Ceremony minutes 2026-03',
              by: 'daniel',
              body: p(
                `Held on ${date('2026-03-24')}. Key 7 created, key 6 cross-signed. The Berlin safe needed a new battery.`,
              ),
            },
          ],
        },
        {
          title: 'Threat model of the boot chain',
          by: 'chloe',
          body: p(
            'Voltage glitching on the motor board is possible with the case open. We accept it: whoever has the case open has the robot.',
          ),
        },
      ],
    },
  ],
};

export const firmware: Draft = {
  title: 'Firmware',
  by: 'chloe',
  labels: ['firmware'],
  body: p('Everything that runs on the robot itself.'),
  children: [
    {
      title: 'Firmware handbook',
      labels: ['firmware', 'handbook', 'ai-ingest'],
      body:
        h(2, 'Release train') +
        p('A train leaves every second Tuesday. What is not on the platform takes the next one.') +
        h(2, 'Rings') +
        table(
          ['Ring', 'Robots', 'Waits'],
          ['0', 'our own, in Lund', '1 day'],
          ['1', 'friendly customers', '3 days'],
          ['2', 'half of the fleet', '7 days'],
          ['3', 'everybody', '–'],
        ) +
        h(2, 'When it goes wrong') +
        p(`Do not patch forward at night. ${link('Firmware rollback')} first, then sleep, then fix.`) +
        tasks({ done: true, text: 'Describe rings' }, { text: 'Describe how a customer opts out of ring 1' }),
      files: [pdfFile('release-train-2026.pdf', 'Firmware release train 2026: every second Tuesday')],
      comments: [
        {
          by: 'kira',
          body: p('Which ring are the beta customers of Rover 4 in?'),
          replies: [{ by: 'chloe', body: p('Ring 1, all five of them.') }],
        },
      ],
    },
    {
      title: 'Release notes',
      labels: ['release-notes'],
      body: p('Newest at the bottom, as the tree sorts them.'),
      children: RELEASES.map(([version, day, ring, headline, changes]) => ({
        title: `Firmware ${version}: ${headline}`,
        by: 'chloe' as const,
        labels: ['release-notes', 'firmware'],
        body:
          p(`Released ${date(day)} ${status(ring === 'withdrawn' ? 'Red' : 'Green', ring)}`) +
          ul(...changes) +
          (ring === 'withdrawn'
            ? panel(
                'warning',
                p(`Do not install. Robots that still run it: follow ${link('Firmware rollback')}.`),
              )
            : ''),
      })),
    },
    bootloader,
  ],
};
