import type { Page } from '../../web/layout.ts';
import {
  confirmAdministratorsScreen,
  confirmVisitorsScreen,
} from '../../web/screens/connection/permissions-confirm.ts';
import { permissionsScreen } from '../../web/screens/connection/permissions.ts';
import { mappedGroup, permissionsUnread, permissionsView } from './sample-permissions.ts';
import { comparedScreen, type ComparedView } from '../../web/screens/connection/compared.ts';
import { at, connection, hostile, now } from './samples.ts';

export const compared: ComparedView = {
  csrfToken: 'token',
  connection,
  comparison: {
    compared: 6_000,
    agreed: 5_998,
    agreement: 5_998 / 6_000,
    open: 2,
    hidden: 1,
    comparedAt: at(400),
    refusal: null,
  },
  disagreements: [
    {
      id: '3',
      at: at(400),
      state: 'open',
      tooOpen: true,
      accountId: '557058:7',
      person: hostile.markup,
      externalId: '4711',
      recordId: '12',
      title: hostile.markup,
      url: hostile.address,
      layers: [
        { kind: 'product', sourceId: 'product', state: 'known', admitted: true },
        { kind: 'space', sourceId: '98', state: 'known', admitted: true },
        { kind: 'content', sourceId: '4711', state: 'known', admitted: true },
      ],
      resolvedAt: null,
      resolution: null,
    },
    {
      id: '2',
      at: at(1_900),
      state: 'open',
      tooOpen: false,
      accountId: '557058:8',
      person: 'Jun Park',
      externalId: '4712',
      recordId: '13',
      title: 'Parental leave',
      url: 'https://acme.atlassian.net/wiki/spaces/HR/pages/4712',
      layers: [{ kind: 'content', sourceId: '4700', state: 'unknown', admitted: false }],
      resolvedAt: null,
      resolution: null,
    },
    {
      id: '1',
      at: at(9_000),
      state: 'resolved',
      tooOpen: true,
      accountId: '557058:9',
      person: 'Ines Okafor',
      externalId: '4713',
      recordId: null,
      title: '',
      url: '',
      layers: [],
      resolvedAt: at(8_980),
      resolution: 'Read again, both say no: what was stored was out of date.',
    },
  ],
  nextCursor: 'x',
  now,
};
const nothing = { compared: 0, agreed: 0, agreement: null, open: 0, hidden: 0, comparedAt: null };
export const noComparison = { ...nothing, refusal: null };

/** The screens about who sees what, beside those of gallery.ts. */
export const permissionGallery: Record<string, Page> = {
  'connection-permissions': permissionsScreen(permissionsView),
  'connection-permissions-unread': permissionsScreen(permissionsUnread),
  'connection-permissions-visitors': confirmVisitorsScreen({
    csrfToken: 'token',
    connection,
    reach: { spaces: 3, records: 412, people: 57 },
    fields: { anonymousAccess: 'everyone' },
  }),
  'connection-permissions-administrators': confirmAdministratorsScreen({
    csrfToken: 'token',
    connection,
    group: mappedGroup,
    fields: { groupId: 'g2', role: 'administrator' },
  }),
  'connection-compared': comparedScreen(compared),
  'connection-compared-nothing': comparedScreen({
    ...compared,
    comparison: noComparison,
    disagreements: [],
    nextCursor: null,
  }),
  'connection-compared-refused': comparedScreen({
    ...compared,
    comparison: { ...nothing, refusal: 'Atlassian refuses this (HTTP 403): not permitted.' },
    disagreements: [],
    nextCursor: null,
  }),
};
