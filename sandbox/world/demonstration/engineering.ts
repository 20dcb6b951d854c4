import type { Draft } from './draft.ts';
import { architecture } from './engineering-architecture.ts';
import { firmware } from './engineering-firmware.ts';
import { incidents } from './engineering-incidents.ts';
import { runbooks } from './engineering-runbooks.ts';
import { hardware } from './hardware.ts';
import { columns, h, link, mention, p, panel, status, ul } from './storage.ts';

/** The engineers' space: deep, and with several restricted corners. */
export const engineering: Draft = {
  title: 'Engineering home',
  by: 'ben',
  labels: ['home'],
  body:
    columns(
      h(2, 'Where to start') +
        ul(
          `On call tonight? ${link('Incident runbook')} and ${link('On-call handbook')}.`,
          `Shipping firmware? ${link('Firmware handbook')}, then ${link('Firmware rollback')} before you need it.`,
          `New here? ${link('System overview')} takes twenty minutes.`,
        ),
      h(2, 'Who') +
        p(
          `Engineering is led by ${mention('ben')}. Firmware is ${mention('chloe')} and ${mention('daniel')}; cloud and reliability is ${mention('farid')}; mechanics is ${mention('emi')}.`,
        ) +
        p(`Release train: ${status('Green', 'on time')}`),
    ) + panel('info', p('Write decisions down. A decision that nobody can find is made again, differently.')),
  comments: [
    {
      by: 'farid',
      body: p('Can we pin the status page here as well?'),
      replies: [{ by: 'ben', body: p('Done, see the right column.') }],
    },
  ],
  children: [
    runbooks,
    architecture,
    firmware,
    incidents,
    hardware,
    {
      title: 'Coding standards',
      by: 'chloe',
      labels: ['standard'],
      editors: { users: ['chloe', 'ben'] },
      body:
        p('Anyone may read this page; only its owners change it. Propose changes in a comment.') +
        h(2, 'Rules that we enforce') +
        ul(
          'No allocation after start-up in the motion loop.',
          'Every message on the bus has a version, and a reader for the version before it.',
          'A test that fails once in a hundred runs is a failing test.',
          'Names follow the glossary: <em>arm</em>, <em>gripper</em>, <em>dock</em>, never <em>manipulator</em>.',
        ),
    },
    {
      title: 'Project Heron',
      type: 'folder',
      by: 'ben',
      readers: { users: ['ben', 'emi', 'kira'] },
      children: [
        {
          title: 'Heron: what it is',
          by: 'ben',
          body:
            p(
              'Heron is the outdoor robot: eight wheels, a sealed battery pack and a mast with two cameras. Nothing about it leaves this folder before the patent is filed.',
            ) + panel('warning', p('Do not mention Heron in tickets, calendars or commit messages.')),
        },
        {
          title: 'Heron drivetrain options',
          by: 'emi',
          body:
            p('Three candidates were driven up the same wet ramp for forty hours.') +
            '<table><tbody><tr><th rowspan="2"><p>Candidate</p></th><th colspan="2"><p>Ramp at 18°</p></th></tr><tr><th><p>Dry</p></th><th><p>Wet</p></th></tr><tr><td><p>Hub motors</p></td><td><p>pass</p></td><td><p>slips after 6 h</p></td></tr><tr><td><p>Chain drive</p></td><td><p>pass</p></td><td><p>pass</p></td></tr></tbody></table>',
          children: [
            {
              title: 'Heron seal test log',
              by: 'emi',
              body: p(
                'IP67 immersion at one metre: no ingress after 30 minutes. The connector boot on harness 4 leaked at 70 minutes and is being redesigned.',
              ),
            },
          ],
        },
        {
          title: 'Heron launch customers',
          by: 'kira',
          body: p(
            'Two ports and one vineyard have signed letters of intent. The vineyard insists on a machine that may be hosed down.',
          ),
        },
      ],
    },
    {
      title: 'Old build server',
      status: 'archived',
      by: 'farid',
      body: p(
        'The build server in the basement was switched off in March. Its jobs run in the cloud now; the key to the rack is with facilities.',
      ),
    },
    {
      title: 'Scratch notes from the offsite',
      status: 'trashed',
      by: 'daniel',
      body: p('Ideas that did not survive the train ride home.'),
    },
    {
      title: 'Next-generation arm (draft)',
      status: 'draft',
      by: 'chloe',
      body: p('Seven joints instead of six. Not ready to be read by anyone but me.'),
    },
    { title: 'Arm kinematics sketch', type: 'whiteboard', by: 'emi' },
    { title: 'Parts register', type: 'database', by: 'emi' },
    { title: 'Fleet dashboard', type: 'embed', by: 'farid' },
  ],
};

export const engineeringBlog: Draft[] = [
  {
    title: 'We cut cold start to eleven seconds',
    type: 'blogpost',
    by: 'daniel',
    labels: ['firmware', 'ai-ingest'],
    body: p(
      'A Rover used to take forty seconds from power to motion. Most of it was one driver waiting for a sensor that half of the fleet does not have.',
      'We now start the motion loop first and let optional sensors join later. Field trials in Malmö show eleven seconds on average.',
    ),
    comments: [{ by: 'emi', body: p('The arm calibrates while the map loads? Lovely.') }],
  },
  {
    title: 'What we learned from a year of incident reviews',
    type: 'blogpost',
    by: 'farid',
    labels: ['incident'],
    body: p(
      'Twelve reviews, four themes: certificates that nobody owned, dashboards that were green while robots stood still, rollbacks that were tried for the first time at night, and missing phone numbers.',
      `Each theme has an owner now. The ${link('Incident runbook')} has become shorter, which was the point.`,
    ),
  },
];
