import type { Draft } from './draft.ts';
import { code, macro, p, tasks, ul } from './storage.ts';

/** Chloé's own space: readable to colleagues, with corners of her own. */
export const personal: Draft = {
  title: 'Chloé Martin',
  by: 'chloe',
  body:
    p('Firmware, coffee, rope. Office hours on Wednesday at three.') +
    macro(
      'northwind-weather',
      { city: 'Lyon' },
      '<ac:rich-text-body><p>Lyon: usually better than Malmö.</p></ac:rich-text-body>',
    ),
  children: [
    {
      title: 'Reading list',
      labels: ['reading'],
      body: ul('Control of sampled systems', 'The design of everyday things', 'Notes on watchdogs'),
    },
    {
      title: 'Scripts that I keep losing',
      labels: ['how-to'],
      body: code(
        'python',
        'import sys\n\nfor line in sys.stdin:\n    stamp, value = line.split(",", 1)\n    if float(value) > 0.8 and stamp < "2026":  # old and hot\n        print(line, end="")',
      ),
    },
    {
      title: 'Conference talk: eleven seconds',
      labels: ['talk'],
      body: p('How we cut cold start. Forty slides, of which thirty are pictures of a stopwatch.'),
      children: [
        {
          title: 'Talk rehearsal feedback',
          readers: { users: ['chloe', 'daniel'] },
          body: p('Too fast in the middle. Say what the watchdog does before saying that it bites.'),
        },
      ],
    },
    {
      title: 'Career notes',
      readers: { users: ['chloe'], hiddenFromCrawlers: true },
      body: p('What I want to do in three years, and whom to ask.'),
    },
    {
      title: 'Ideas for the seventh joint',
      readers: { users: ['chloe', 'emi'] },
      body: p('A wrist that yields. Ask Emi about the bearing.') + tasks({ text: 'Print the bracket' }),
    },
    {
      title: 'Recettes de la cantine',
      labels: ['français'],
      body: p('Le gratin de Lyon, celui de Grenoble, et pourquoi il ne faut pas les comparer devant Henrik.'),
    },
  ],
};
