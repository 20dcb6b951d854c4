import type { Draft } from './draft.ts';
import { textFile } from './files.ts';
import { code, expand, h, link, macro, mention, ol, p, panel, status, table, tasks, ul } from './storage.ts';

export const runbooks: Draft = {
  title: 'Runbooks',
  by: 'farid',
  labels: ['runbook'],
  body:
    p('One page per alarm. A runbook that was not used for a year is tried out on a quiet Tuesday.') +
    macro('children', { sort: 'title' }),
  children: [
    {
      title: 'Incident runbook',
      labels: ['runbook', 'incident', 'ai-ingest'],
      body:
        panel(
          'warning',
          p('If a robot may hurt somebody, press the fleet stop first and read later.'),
          'Safety first',
        ) +
        h(2, 'The first ten minutes') +
        ol(
          `Acknowledge the page. You are now the incident commander until you hand over in writing.`,
          'Open a channel named after the incident number and say what is known, even if it is little.',
          `Decide on severity with the table below. When in doubt take the higher one.`,
          `Ask ${mention('farid')} or the second on call for hands before you are tired.`,
        ) +
        h(2, 'Severity') +
        table(
          ['Level', 'Means', 'Who is woken'],
          [
            status('Red', 'SEV1'),
            'Robots stop at more than one customer, or somebody could be hurt',
            'On-call, head of engineering, support lead',
          ],
          [
            status('Yellow', 'SEV2'),
            'One customer stands still, or telemetry is lost',
            'On-call, second on-call',
          ],
          [status('Blue', 'SEV3'), 'Degraded, with a way around', 'Nobody at night'],
        ) +
        h(2, 'After it is over') +
        tasks(
          { text: 'Write the report within three working days, in the folder Incident reports' },
          { text: 'Invite support to the review' },
          { done: true, text: 'Keep this page under two screens' },
        ),
      comments: [
        {
          by: 'ines',
          body: p('Support would like to be told for SEV2 too, not only SEV1.'),
          on: 'Who is woken',
          resolution: 'open',
          replies: [{ by: 'farid', body: p('Fair. I will add it after the next rotation.') }],
        },
        {
          by: 'daniel',
          body: p(
            'The fleet stop takes up to nine seconds to reach robots on mobile networks. Worth saying here.',
          ),
        },
      ],
    },
    {
      title: 'On-call handbook',
      labels: ['on-call'],
      body:
        p(
          'Rotations last one week, Tuesday to Tuesday. Nobody is on call two weeks in a row, and a night that was broken twice is followed by a free morning.',
        ) +
        expand(
          'Numbers to have at hand',
          ul(
            'Data centre Frankfurt: in the password manager under “dc-fra”',
            'Mobile carrier, business line: contract NW-2231',
            'Duty officer at the port of Gothenburg: with support',
          ),
        ) +
        p('Swap shifts in the calendar, not in chat.'),
    },
    {
      title: 'Firmware rollback',
      by: 'chloe',
      labels: ['runbook', 'firmware', 'ai-ingest'],
      body:
        p(
          `A firmware rollback brings a robot back to the image in its other slot. It takes four minutes and loses no telemetry. It does <strong>not</strong> undo a bootloader update: see ${link('Bootloader')}.`,
        ) +
        h(2, 'One robot') +
        code(
          'bash',
          'fleetctl robot select RV3-0412\nfleetctl firmware slot --show\nfleetctl firmware rollback --reason "INC-2041" --wait\n# exit code 3 means: other slot is empty <do not retry>',
        ) +
        h(2, 'A whole ring') +
        ol(
          'Freeze the ring, so that no robot updates while others go back.',
          'Roll back five robots and watch them for ten minutes.',
          'Roll back the rest in groups of fifty.',
        ) +
        panel('note', p('Robots below 30 % battery refuse. Send them to the dock first.')),
      files: [
        textFile(
          'rollback-checklist.txt',
          'text/plain',
          'Firmware rollback checklist\n[ ] ring frozen\n[ ] five canaries watched for ten minutes\n[ ] battery above 30 %\n[ ] support informed\n',
        ),
      ],
      comments: [
        { by: 'farid', body: p('Tried on the staging fleet on Tuesday: 3 min 48 s, no surprises.') },
      ],
    },
    {
      title: 'Telemetry pipeline is behind',
      labels: ['runbook', 'telemetry'],
      body:
        p('Alarm: consumer lag above two million messages for five minutes.') +
        code(
          'sql',
          "select partition, max(offset_lag) as lag\nfrom   consumer_lag\nwhere  topic = 'telemetry.v3' and at > now() - interval '10 minutes'\ngroup  by partition having max(offset_lag) > 100000;",
        ) +
        p(
          'One partition behind: a poison message; skip it and keep it. All behind: the store is slow; look at its disks before adding consumers.',
        ),
    },
    {
      title: 'Charging dock offline fleet-wide',
      labels: ['runbook', 'charging-dock'],
      body:
        p('When every charging dock of a site goes grey at once, it is the site controller, not the docks.') +
        ul(
          'Ask the customer to look at the lamp of the site controller: orange means no network.',
          'Robots keep charging without it; they only cannot book a dock.',
          'Restart the controller from the console; a second restart in a day is a SEV2.',
        ),
    },
    {
      title: 'Certificate renewal',
      labels: ['runbook', 'security'],
      body:
        p(
          'Robot certificates live for 397 days and renew themselves thirty days before. This page is for the ones that did not.',
        ) +
        code(
          'bash',
          'fleetctl cert list --expiring 14d --format json | jq -r \'.[].robot\'\nfleetctl cert renew --robot "$ROBOT" --force',
        ) +
        p(
          `The reason is nearly always a clock that is wrong by years: see ${link('INC-1987: Robots that lived in 1970')}.`,
        ),
    },
    {
      title: 'Restore a database from backup',
      labels: ['runbook', 'database'],
      body:
        h(2, 'Before') +
        p('Say aloud which database and which moment. Have a second person repeat it.') +
        h(2, 'Restore') +
        ol(
          'Restore into a new instance, never over the old one.',
          'Compare row counts of the five largest tables.',
          'Point one service at it, watch for ten minutes, then the rest.',
        ) +
        p('The last full drill took 52 minutes for 1.4 TB.'),
    },
    {
      title: 'Rotate signing keys',
      by: 'daniel',
      labels: ['runbook', 'security'],
      readers: { groups: ['oncall'], users: ['ben'] },
      body:
        p(
          'Only on-call may read this page. The signing key for firmware images is held in two hardware modules, in Lund and in Berlin.',
        ) +
        ol(
          'Open both safes on the same day, with one witness each.',
          'Create key N+1 and cross-sign it with key N.',
          'Ship images signed by both for two release trains.',
          'Retire key N, and record the serial numbers of the modules.',
        ) +
        panel('warning', p('Never rotate during a firmware rollback.')),
      comments: [{ by: 'farid', body: p('The witness list for 2027 is not written yet.') }],
    },
  ],
};
