import { html, type Html } from './html.ts';

/** Outlines on a 24-unit grid, drawn with the text's own colour. */
const paths = {
  search: ['M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z', 'm20 20-4-4'],
  connections: ['M8 12h8', 'M9 7H7a5 5 0 0 0 0 10h2', 'M15 7h2a5 5 0 0 1 0 10h-2'],
  settings: ['M4 7h10', 'M18 7h2', 'M16 5v4', 'M4 17h2', 'M10 17h10', 'M8 15v4', 'M4 12h16'],
  profile: ['M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', 'M5 20a7 7 0 0 1 14 0'],
  people: [
    'M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7Z',
    'M3 20a6 6 0 0 1 12 0',
    'M16 5.5a3.5 3.5 0 0 1 0 6.5',
    'M17.5 14.5A6 6 0 0 1 21 20',
  ],
  page: ['M6 3h8l4 4v14H6V3Z', 'M14 3v4h4', 'M9 12h6', 'M9 16h6'],
  blogpost: ['M4 5h16v14H4V5Z', 'M8 9h8', 'M8 12h8', 'M8 15h5'],
  comment: ['M4 5h16v11H10l-5 4v-4H4V5Z'],
  attachment: ['m19 11-7.5 7.5a4 4 0 0 1-6-6L13 5a2.7 2.7 0 0 1 4 4l-7.5 7.5a1.2 1.2 0 0 1-2-2L14 8'],
  folder: ['M3 6h7l2 2h9v11H3V6Z'],
  whiteboard: ['M4 4h16v12H4V4Z', 'm8 20 2-4', 'm16 20-2-4', 'M8 11c2-4 3 2 5-1s2 0 3 0'],
  database: ['M4 5h16v14H4V5Z', 'M4 10h16', 'M10 10v9'],
  embed: ['m9 8-4 4 4 4', 'm15 8 4 4-4 4'],
  check: ['m5 12.5 4.5 4.5L19 7.5'],
  attention: ['M12 4 2.8 20h18.4L12 4Z', 'M12 10v4.5', 'M12 17.2v.3'],
  cross: ['m6 6 12 12', 'M18 6 6 18'],
  pause: ['M9 6v12', 'M15 6v12'],
  sync: ['M20 11a8 8 0 0 0-14.5-3.5L4 9', 'M4 5v4h4', 'M4 13a8 8 0 0 0 14.5 3.5L20 15', 'M20 19v-4h-4'],
  key: ['M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', 'm11 12 8-8', 'm16 7 3 3'],
  lock: ['M6 11h12v9H6v-9Z', 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  dot: ['M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z'],
  external: ['M14 4h6v6', 'm20 4-9 9', 'M18 14v6H4V6h6'],
  eye: [
    'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6Z',
    'M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z',
  ],
  signOut: ['M14 4H5v16h9', 'M10 12h10', 'm16 8 4 4-4 4'],
  plus: ['M12 5v14', 'M5 12h14'],
  down: ['m6 9.5 6 6 6-6'],
  filter: ['M4 5h16l-6.2 7.4V20l-3.6-2v-5.6L4 5Z'],
  clock: ['M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z', 'M12 8v4.5l3 2'],
} as const;

export type IconName = keyof typeof paths;

/** An icon beside words: hidden from assistive technology, because the words say the same. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${paths[name].map((d) => html`<path d=${d} />`)}
  </svg>`;
}

/** The product's mark: a gate over two waves. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M5 3v11M19 3v11M5 5h14M9 5v6h6V5" />
    <path
      class="mark-water"
      d="M2 17c2.5-2 4.2-2 6.6 0s4.3 2 6.8 0 4.2-2 6.6 0M2 21c2.5-2 4.2-2 6.6 0s4.3 2 6.8 0 4.2-2 6.6 0"
    />
  </svg>`;
}
