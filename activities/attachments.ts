import { holdersRead, kindsRead } from '../scope/kinds.ts';
import type { ConfluenceAttachment } from '../atlassian/confluence/types.ts';
import { cjkText } from '../content/cjk.ts';
import { contentDigest } from '../content/digest.ts';
import { webUrl } from '../content/url.ts';
import { noteDueTexts, noteRenamed, textsToKeep } from '../store/attachment-texts.ts';
import { containersOf, type RecordWrite } from '../store/records.ts';
import { prepareRecords } from './changed.ts';
import type { Keep } from './changes/news.ts';
import type { SyncContext } from './context.ts';
import { estimate } from './estimate.ts';
import { handlingDigest, notRead } from './files/handling.ts';
import { followHolders, forgetReachOfUnread } from './scoping/unread.ts';
import { stages } from './stages.ts';
import { runStage, type Stream } from './stream.ts';

/** Reads the site's attachments, as metadata (files/ reads their text); those whose page is not in scope are filtered. */
export async function loadAttachments(context: SyncContext): Promise<void> {
  if (!kindsRead(context.connection.settings).attachment) return forgetReachOfUnread(context, ['attachment']);
  await followHolders(context, 'attachment');
  const stage = stages.attachment.full;
  const stream: Stream<ConfluenceAttachment> = {
    stage,
    scope: '',
    read: (cursor) => context.reader.listAttachments({ cursor }),
    prepare: (items, asOf) => prepareAttachments(context, items, asOf),
  };
  await runStage(context, stage, [stream], { total: estimate(context, 'attachment') });
}

export async function prepareAttachments(
  context: SyncContext,
  attachments: ConfluenceAttachment[],
  asOf: Date,
  keep: Keep = 'everything',
): ReturnType<Stream<ConfluenceAttachment>['prepare']> {
  const containers = await containersOf(
    context.db,
    context.connectionId,
    attachments.map(({ id, containerId }) => ({ id, containerId, parentId: null })),
    holdersRead(context.connection.settings, 'attachment'),
  );
  const records = attachments.flatMap((attachment) => {
    const containerId = containers.get(attachment.id);
    return containerId === undefined ? [] : [toRecord(context, attachment, containerId)];
  });
  const kept = await textsToKeep(context.db, context.connectionId, records);
  const whole = records.map((record) => withText(record, kept.get(record.externalId)));
  const store = await prepareRecords(context, attachments.length, whole, asOf, keep);
  return async (trx) => {
    await noteRenamed(trx, context.connectionId, records);
    const counts = await store(trx);
    const rules = context.connection.settings.content;
    const files = records.map((record) => ({ ...record, notRead: notRead(rules, record) }));
    await noteDueTexts(trx, context.connectionId, handlingDigest(rules), files);
    return counts;
  };
}

/** A new name changes no word of the file. */
function withText(record: RecordWrite, kept: { markdown: string; text: string } | undefined): RecordWrite {
  if (kept === undefined) return record;
  const cjk = cjkText(`${record.title}\n${kept.text}`);
  return { ...record, body: { format: 'file', raw: '', ...kept, cjk } };
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
