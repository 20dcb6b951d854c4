import type { Draft } from './draft.ts';
import { pngFile } from './files.ts';
import { code, h, image, link, macro, p, panel, status, table, ul } from './storage.ts';

const DECISIONS: [title: string, state: string, context: string, decision: string][] = [
  [
    'Robots speak gRPC to the gateway',
    'accepted',
    'MQTT brokers lost sessions whenever a robot changed from Wi-Fi to mobile.',
    'One bidirectional stream per robot, resumed with a cursor. The broker stays for sensors of third parties.',
  ],
  [
    'Maps are stored as tiles',
    'accepted',
    'A warehouse map of 90 MB was sent whole after every moved shelf.',
    'Tiles of 10 by 10 metres with a version each; robots fetch what changed along their route.',
  ],
  [
    'One Postgres per region',
    'accepted',
    'Customers in Japan asked that telemetry stays in the country.',
    'A database per region, no cross-region joins; reports are merged from exports.',
  ],
  [
    'No robot waits for the cloud',
    'accepted',
    'A lost connection used to stop a mission after eight seconds.',
    'The mission planner runs on the robot. The cloud advises and records.',
  ],
  [
    'Feature flags live in the image',
    'superseded',
    'Flags fetched at start-up made two robots with the same version behave differently.',
    'Flags are part of the signed image. Superseded when rings were introduced.',
  ],
  [
    'Rings instead of percentages',
    'accepted',
    'Five percent of the fleet was five percent of a different customer each time.',
    'Rings 0 to 3, each a fixed list of robots that the customer agreed to.',
  ],
  [
    'Gripper force is limited in hardware',
    'accepted',
    'A software limit was bypassed in a test rig.',
    'A current limiter on the motor board; software may only lower it.',
  ],
  [
    'Speech output only on request',
    'rejected',
    'Customers asked for spoken warnings.',
    'Rejected after the trial: people stopped listening within a day. Lights and slow motion work better.',
  ],
];

export const architecture: Draft = {
  title: 'Architecture',
  by: 'ben',
  labels: ['architecture'],
  body: p('How the parts fit, and why they are as they are.') + macro('toc', { maxLevel: '2' }),
  children: [
    {
      title: 'System overview',
      labels: ['architecture', 'onboarding', 'ai-ingest'],
      body:
        image('overview.png', 'Robots, gateway, map service and telemetry store') +
        h(2, 'The parts') +
        table(
          ['Part', 'Does', 'Owner'],
          ['Robot', 'Plans and drives, alone if it must', 'Firmware'],
          ['Fleet gateway', 'Holds one stream per robot', 'Reliability'],
          ['Map service', 'Serves tiles', 'Reliability'],
          ['Telemetry pipeline', 'Stores what robots report', 'Reliability'],
        ) +
        p(
          `Details: ${link('Fleet gateway')}, ${link('Telemetry pipeline')}, ${link('Robot operating image')}.`,
        ),
      files: [pngFile('overview.png')],
      children: [
        {
          title: 'Fleet gateway',
          by: 'farid',
          labels: ['architecture'],
          body:
            p(
              'The gateway terminates one stream per robot and knows which node holds which robot. A node that dies gives its robots back within six seconds; they reconnect with a cursor and lose nothing.',
            ) +
            code(
              'yaml',
              'gateway:\n  maxStreams: 4000\n  resume:\n    window: 15m   # how long a cursor stays good\n    verify: true',
            ),
        },
        {
          title: 'Telemetry pipeline',
          by: 'farid',
          labels: ['architecture', 'telemetry'],
          body:
            p(
              'Robots report forty values twice a second. Values that did not change are not sent, which saves 83 % of the bytes.',
            ) +
            h(2, 'Retention') +
            ul('Raw: 14 days', 'One-minute averages: 13 months', 'Incidents: kept with the incident'),
          children: [
            {
              title: 'Telemetry schema v3',
              by: 'farid',
              body:
                p('Version 3 adds the wheel slip ratio and drops the second temperature.') +
                code(
                  'json',
                  '{"robot":"RV3-0412","at":"2026-05-04T10:15:00Z","battery":0.71,"slip":{"left":0.02,"right":0.03}}',
                ),
            },
          ],
        },
        {
          title: 'Map service',
          by: 'farid',
          labels: ['architecture', 'maps'],
          body:
            p(
              'Tiles, versions and a change feed. The largest site has 41,000 tiles; a robot on its route needs about sixty.',
            ) +
            macro(
              'drawio',
              { diagramName: 'tiles', zoom: '1' },
              '<ac:rich-text-body><p>Diagram: tile request from robot to store.</p></ac:rich-text-body>',
            ),
        },
        {
          title: 'Robot operating image',
          by: 'daniel',
          labels: ['architecture', 'firmware'],
          body: p(
            'A read-only image in one of two slots, a writable partition for maps and logs, and a recovery image that nobody has needed outside the lab so far.',
          ),
        },
      ],
    },
    {
      title: 'Decision records',
      labels: ['decision'],
      body: p('Numbered, short, never edited after they are accepted. A new decision supersedes an old one.'),
      children: DECISIONS.map(([title, state, context, decision], index) => ({
        title: `ADR-${String(index + 1).padStart(2, '0')}: ${title}`,
        by: index % 2 === 0 ? ('ben' as const) : ('farid' as const),
        labels: ['decision', state],
        body:
          p(status(state === 'accepted' ? 'Green' : 'Grey', state)) +
          h(2, 'Context') +
          p(context) +
          h(2, 'Decision') +
          p(decision) +
          (state === 'superseded'
            ? panel('note', p(`Superseded by ${link('ADR-06: Rings instead of percentages')}.`))
            : ''),
      })),
    },
  ],
};
