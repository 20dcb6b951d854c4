import type { RecordAccess } from '../../store/record-access.ts';
import type { RecordRow } from '../../store/records-read.ts';
import { shownTitle } from '../../search/title.ts';

/**
 * The explanation as the API answers it. Titles of restricted ancestors are told to administrators; to others only
 * where the ancestor itself is among what they may see.
 */
export function presentAccess(
  record: RecordRow,
  person: { email: string },
  access: RecordAccess,
  everything: boolean,
) {
  const seen = new Set([record.externalId, ...record.ancestors.map((place) => place.externalId)]);
  return {
    record: {
      id: record.id,
      externalId: record.externalId,
      title: shownTitle(record.type, record.title, record.containerTitle),
    },
    user: { email: person.email },
    accountId: access.accountId,
    visible: access.visible,
    reason: access.reason,
    layers: access.layers.map(({ layer, admitted, by }) => {
      const names = access.names.get(layer.id);
      const named = everything || layer.kind !== 'content' || seen.has(layer.sourceId);
      return {
        kind: layer.kind,
        sourceId: layer.sourceId,
        name: named ? (names?.name ?? null) : null,
        state: layer.state,
        admitted,
        by: by === null ? null : { principal: by, name: names?.by ?? null },
        reason: layer.reason ?? null,
        readAt: names?.readAt ?? null,
      };
    }),
  };
}
