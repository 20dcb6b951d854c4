import type { ConfluenceAttachment } from '../atlassian/confluence/types.ts';
import { cjkText } from '../content/cjk.ts';
import { contentDigest } from '../content/digest.ts';
import { webUrl } from '../content/url.ts';
import { containersOf, loadDigests, saveRecords, touchRecords, type RecordWrite } from '../store/records.ts';
import { noCounts } from '../store/runs.ts';
import type { SyncContext } from './context.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';

/** Reads the site's attachments, as metadata; those whose page is not in scope are filtered. */
export async function loadAttachments(context: SyncContext): Promise<void> {
  const stage = stages.attachment.full;
  const stream: Stream<ConfluenceAttachment> = {
    stage,
    scope: '',
    read: (cursor) => context.reader.listAttachments({ cursor }),
    prepare: (items) => prepareAttachments(context, items),
  };
  await runStage(context, stage, [stream]);
}

export async function prepareAttachments(
  context: SyncContext,
  attachments: ConfluenceAttachment[],
): ReturnType<Stream<ConfluenceAttachment>['prepare']> {
  const { db, connectionId, runId } = context;
  const containers = await containersOf(
    db,
    connectionId,
    attachments.map(({ id, containerId }) => ({ id, containerId, parentId: null })),
  );
  const stored = await loadDigests(
    db,
    connectionId,
    attachments.map((attachment) => attachment.id),
  );
  const records = attachments
    .filter((attachment) => containers.has(attachment.id))
    .map((attachment) => toRecord(context, attachment, containers.get(attachment.id) ?? ''));
  const changed = records.filter((record) => stored.get(record.externalId) !== record.digest);
  const unchanged = records.filter((record) => stored.get(record.externalId) === record.digest);
  return async (trx) => {
    await saveRecords(trx, connectionId, runId, changed);
    await touchRecords(trx, connectionId, runId, unchanged);
    return {
      ...noCounts,
      seen: attachments.length,
      indexed: changed.length,
      unchanged: unchanged.length,
      filtered: attachments.length - records.length,
    };
  };
}

function toRecord(context: SyncContext, attachment: ConfluenceAttachment, containerId: string): RecordWrite {
  const site = context.connection.site_url;
  return {
    externalId: attachment.id,
    kind: 'attachment',
    spaceId: null,
    parentId: null,
    containerId,
    title: attachment.title,
    url: webUrl(site, attachment.webPath),
    status: attachment.status,
    authorId: attachment.version.authorId,
    labels: attachment.labels,
    version: attachment.version.number,
    createdAt: attachment.createdAt.toISOString(),
    modifiedAt: attachment.version.createdAt.toISOString(),
    mediaType: attachment.mediaType,
    fileSize: attachment.fileSize,
    attributes: { downloadPath: attachment.downloadPath },
    digest: contentDigest({
      title: attachment.title,
      raw: '',
      labels: attachment.labels,
      others: [attachment.version.number, attachment.mediaType, attachment.fileSize],
    }),
    body: { format: 'none', raw: '', markdown: '', text: '', cjk: cjkText(attachment.title) },
  };
}
