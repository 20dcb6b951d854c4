import { listNotices, topNotices } from '../../store/notices-read.ts';
import type { Db } from '../../store/schema.ts';
import { requireAdministrator, type Actor } from '../actor.ts';
import { cursorOf, cursorPatterns, limitOf, pageOf } from '../paging.ts';
import type { Page } from '../views.ts';
import type { PageRequest } from './contracts.ts';
import { presentNotice, type NoticeView } from './notice-views.ts';

/** What administrators must know of. Nobody else learns that there is anything. */
export interface NoticesService {
  /** Newest first; `open`: those that hold, or those that are over; all when absent. */
  list(actor: Actor, page?: PageRequest & { open?: boolean | undefined }): Promise<Page<NoticeView>>;
  /** The open ones that matter most, for the banner, and how many there are in all. */
  top(actor: Actor): Promise<{ notices: NoticeView[]; total: number }>;
}

/** So many stand in the banner; the others are a link away. */
const inBanner = 2;

export function createNoticesService({ db }: { db: Db }): NoticesService {
  return {
    async list(actor, page) {
      requireAdministrator(actor);
      const limit = limitOf(page);
      const before = cursorOf(page, cursorPatterns.uuid);
      const rows = await listNotices(db, { open: page?.open ?? null, before, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.id, presentNotice);
    },
    async top(actor) {
      requireAdministrator(actor);
      const { notices, total } = await topNotices(db, inBanner);
      return { notices: notices.map(presentNotice), total };
    },
  };
}
