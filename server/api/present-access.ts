import type { Obstacle } from '../../permissions/explain-item.ts';
import { reasonOf, type LayerVerdict } from '../../permissions/explain.ts';
import { pathWords } from '../../permissions/path.ts';
import type { Principal } from '../../permissions/types.ts';
import type { PersonOnSite } from '../../store/explain-person.ts';
import type { RecordAccess } from '../../store/record-access.ts';
import type { RecordRow } from '../../store/records-read.ts';
import type { Times } from '../explain/freshness.ts';
import { presentAdmitted, type AdmittedAnswer } from './present-admitted.ts';

/** All that an explanation of one record is made of. */
export interface AccessParts {
  /** With the title that it is shown by. */
  record: RecordRow;
  person: { email: string };
  access: RecordAccess;
  /** For an administrator. */
  everything: boolean;
  obstacles: readonly Obstacle[];
  placesReadAt: string | null;
  times: Times;
  site: PersonOnSite | null;
}

export type AccessAnswer = ReturnType<typeof presentAccess>;

/**
 * The explanation as the API answers it. Titles of restricted ancestors, who else is admitted, and what is wrong with
 * the record are told to administrators; to others a title only where the ancestor is among what they may see.
 */
export function presentAccess(parts: AccessParts) {
  const { record, person, access, everything, times, site } = parts;
  const hiding = parts.obstacles.find((obstacle) => obstacle.hides);
  return {
    record: {
      id: record.id,
      externalId: record.externalId,
      type: record.type,
      title: record.title,
      url: record.url,
      space: record.space,
    },
    user: { email: person.email },
    accountId: access.accountId,
    visible: access.visible,
    reason: hiding === undefined || access.visible ? reasonFor(parts) : hiding.message,
    match:
      site === null
        ? null
        : {
            accounts: site.accounts,
            code: site.code,
            reason: site.reason,
            remedy: everything ? site.remedy : null,
          },
    layers: access.layers.map((verdict) => presentLayer(parts, verdict)),
    obstacles: everything ? parts.obstacles.map((obstacle) => ({ ...obstacle })) : [],
    placesReadAt: parts.placesReadAt,
    ...times,
  };
}

function reasonFor({ access, everything }: AccessParts): string {
  return everything && access.state === 'indexed'
    ? reasonOf(access, access.holdings, (layer) => access.names.get(layer.id)?.name ?? null)
    : access.reason;
}

function presentLayer(parts: AccessParts, verdict: LayerVerdict) {
  const { access, everything, record } = parts;
  const { layer, admitted, by, admissions, moreAdmissions } = verdict;
  const names = access.names.get(layer.id);
  const seen = new Set([record.externalId, ...record.ancestors.map((place) => place.externalId)]);
  const named = everything || layer.kind !== 'content' || seen.has(layer.sourceId);
  const nameOf = (principal: Principal) => access.principals.get(principal)?.name ?? null;
  const admits: AdmittedAnswer | null =
    everything && layer.state === 'known' ? presentAdmitted(layer, access.principals) : null;
  return {
    kind: layer.kind,
    sourceId: layer.sourceId,
    name: named ? (names?.name ?? null) : null,
    state: layer.state,
    admitted,
    by: by === null ? null : { principal: by, name: nameOf(by) },
    admissions: admissions.map(({ principal, path }) => ({
      principal,
      name: nameOf(principal) ?? path.groups[0]?.name ?? null,
      path: pathWords(path),
      groups: path.groups,
      roles: path.roles,
    })),
    moreAdmissions,
    admits,
    reason: layer.reason ?? null,
    readAt: names?.readAt ?? null,
  };
}
