import type { Draft } from './draft.ts';
import { pngFile, textFile } from './files.ts';
import { h, image, ol, p, panel, table, ul } from './storage.ts';

export const hardware: Draft = {
  title: 'Hardware',
  by: 'emi',
  labels: ['hardware'],
  body: p('Mechanics, motors, batteries. Drawings live in the parts register.'),
  children: [
    {
      title: 'Gripper design',
      labels: ['hardware', 'gripper'],
      body:
        image('gripper.png', 'Three-finger gripper, seen from below') +
        '<table><tbody><tr><th colspan="3"><p>Gripper types</p></th></tr><tr><td rowspan="2"><p>Two-finger</p></td><td><p>Force</p></td><td><p>60 N</p></td></tr><tr><td><p>Mass</p></td><td><p>0.9 kg</p></td></tr><tr><td rowspan="2"><p>Three-finger</p></td><td><p>Force</p></td><td><p>95 N</p></td></tr><tr><td><p>Mass</p></td><td><p>1.3 kg</p></td></tr></tbody></table>' +
        p('Force is limited in hardware; software may only lower it.'),
      files: [
        pngFile('gripper.png'),
        textFile('torque-curve.csv', 'text/csv', 'angle,newton\n0,0\n15,22\n30,61\n45,95\n'),
      ],
      comments: [
        {
          by: 'chloe',
          body: p('Is 95 N measured at the fingertip?'),
          on: '95 N',
          resolution: 'resolved',
          replies: [{ by: 'emi', body: p('Yes, at the tip, after an hour of warm-up.') }],
        },
      ],
      children: [
        {
          title: 'Prüfprotokoll Greifer',
          by: 'daniel',
          labels: ['prüfung', 'gripper'],
          body:
            h(2, 'Prüfaufbau') +
            p(
              'Der Greifer hält ein Prüfgewicht von 8 kg über 24 Stunden bei 40 °C. Gemessen wird der Schlupf in Millimetern.',
            ) +
            table(
              ['Muster', 'Schlupf', 'Bewertung'],
              ['A', '0,2 mm', 'bestanden'],
              ['B', '1,9 mm', 'nicht bestanden: Fingerbelag erneuern'],
            ) +
            p('Größere Abweichungen sind sofort zu melden.'),
        },
        {
          title: 'グリッパー試験手順',
          labels: ['試験', 'gripper'],
          body:
            h(2, '目的') +
            p('三本指グリッパーの把持力を確認する。試験は室温と四十度の二つの条件で行う。') +
            ol(
              '試験片を固定する。',
              '把持力を九十五ニュートンまで上げる。',
              '二十四時間後に滑り量を測定する。',
            ) +
            p('結果は部品台帳に記録すること。'),
        },
      ],
    },
    {
      title: 'Battery pack',
      labels: ['hardware', 'battery'],
      body:
        p('Fourteen cells in series, 1.9 kWh, replaceable in ninety seconds without tools.') +
        panel(
          'note',
          p('Packs below serial 3100 have the old connector. They must not be used in wet areas.'),
        ),
      children: [
        {
          title: 'Battery ageing study',
          body: p(
            'After 1,500 cycles the pack holds 84 % of its first capacity. Fast charging above 35 °C costs most of the rest.',
          ),
        },
      ],
    },
    {
      title: 'Motor controller',
      by: 'daniel',
      labels: ['hardware'],
      body:
        p('Six half-bridges, one microcontroller, one independent current limiter.') +
        ul('Revision C: limiter added', 'Revision D: connector turned by 90°, nobody knows why'),
    },
    {
      title: 'Supplier audit notes',
      labels: ['hardware', 'supplier'],
      body: p(
        'The casting supplier in Brno passed. The harness supplier has to repeat the crimp test in spring.',
      ),
    },
  ],
};
