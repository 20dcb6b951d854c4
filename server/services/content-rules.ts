import type { Kysely } from 'kysely';
import { createBodyRenderer, mentionedAccounts, type BodySource } from '../../content/rendered-body.ts';
import type { ContentRules } from '../../content/rules/types.ts';
import { mappedFields, type FieldValue } from '../../content/rules/fields.ts';
import { InvalidInput, NotFound } from '../../errors.ts';
import { shownTitle } from '../../search/title.ts';
import { loadAccountNames } from '../../store/accounts.ts';
import { countMacros, type MacroUsage } from '../../store/macro-usage.ts';
import type { RecordRow } from '../../store/records-read.ts';
import type { Connection, Database } from '../../store/schema.ts';
import { requireAdministrator, type Actor, type Viewer } from '../actor.ts';
import { compare, type Change } from '../content-preview/compare.ts';
import type { ContentSettings } from '../content-settings.ts';
import { parseItem } from '../explain/asked-item.ts';
import { findItems } from '../explain/find.ts';
import { existingConnection } from './connection-rows.ts';

/** Of each side so much is shown and compared. */
const previewCharacters = 50_000;

/** Of a body so much is rendered: a page of megabytes must not keep others waiting for its preview. */
const renderedCharacters = 1_000_000;

export interface PreviewSide {
  markdown: string;
  text: string;
  fields: Record<string, FieldValue>;
}

/** One record by the present rules and by others. */
export interface ContentPreview {
  record: { id: string; title: string; url: string };
  before: PreviewSide;
  after: PreviewSide;
  /** Of the Markdown. */
  changes: Change[];
  /** Bodies are longer than what is shown and compared. */
  cut: boolean;
}

export interface ContentRulesService {
  /** The macros of the connection's content, from a sample. */
  macros(actor: Actor, connectionId: string): Promise<{ sampled: number; macros: MacroUsage[] }>;
  /** Pages that a title, an id or an address may mean: only those that the viewer may see. */
  find(
    actor: Actor,
    viewer: Viewer,
    connectionId: string,
    item: string,
  ): Promise<{ id: string; title: string; space: string | null }[]>;
  /**
   * Shows a record by the present rules and by others; stores nothing.
   * @throws NotFound for what the viewer may not see, as for what is not there; InvalidInput for what has no body
   */
  preview(
    actor: Actor,
    viewer: Viewer,
    connectionId: string,
    input: { recordId: string; content: ContentSettings },
  ): Promise<ContentPreview>;
}

export function createContentRulesService(deps: {
  db: Kysely<Database>;
  publicUrl: string;
}): ContentRulesService {
  const { db, publicUrl } = deps;
  return {
    async macros(actor, connectionId) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      return countMacros(db, id);
    },
    async find(actor, viewer, connectionId, item) {
      requireAdministrator(actor);
      const { id } = await existingConnection(db, connectionId);
      const asked = parseItem(item, publicUrl);
      const { rows } = await findItems(db, viewer, asked, { everything: false, connectionId: id });
      return rows
        .filter((row) => sourceOf(row) !== null)
        .map((row) => ({ id: row.id, title: titleOf(row), space: row.space?.name ?? null }));
    },
    async preview(actor, viewer, connectionId, { recordId, content }) {
      requireAdministrator(actor);
      const connection = await existingConnection(db, connectionId);
      if (!/^[1-9]\d{0,17}$/.test(recordId)) throw new NotFound('This record');
      const { rows } = await findItems(
        db,
        viewer,
        { as: 'id', recordId },
        { everything: false, connectionId: connection.id },
      );
      const row = rows.find((each) => each.id === recordId);
      if (row === undefined) throw new NotFound('This record');
      const source = sourceOf(row);
      if (source === null) {
        throw new InvalidInput({
          recordId: 'This record has no body. Choose a page, a blog post or a comment.',
        });
      }
      if (source.raw === '') {
        throw new InvalidInput({
          recordId:
            'Nothing is stored of its body: it is empty, or left out by a filter. Choose another page.',
        });
      }
      const beginning = { ...source, raw: source.raw.slice(0, renderedCharacters) };
      const names = await loadAccountNames(db, connection.id, [...mentionedAccounts([beginning.raw])]);
      const side = (rules: ContentRules | undefined) => sideOf(connection, row, beginning, names, rules);
      const [before, after] = [side(connection.settings.content), side(content)];
      const cut =
        source.raw.length > renderedCharacters ||
        [before, after].some(({ markdown }) => markdown.length > previewCharacters);
      const shown = ({ markdown }: PreviewSide) => markdown.slice(0, previewCharacters);
      return {
        record: { id: row.id, title: titleOf(row), url: row.url },
        before,
        after,
        changes: compare(shown(before), shown(after)),
        cut,
      };
    },
  };
}

function sideOf(
  { site_url: siteUrl }: Connection,
  row: RecordRow,
  source: BodySource,
  names: ReadonlyMap<string, string>,
  content: ContentRules | undefined,
): PreviewSide {
  const { markdown, text } = createBodyRenderer({ siteUrl, content }, names)(source).body;
  return { markdown, text, fields: mappedFields(content?.fields, { ...row, title: titleOf(row) }) };
}

/** Null for what is rendered from no body. */
function sourceOf({ type, title, space, raw }: RecordRow): BodySource | null {
  if ((type !== 'page' && type !== 'blogpost' && type !== 'comment') || raw === null) return null;
  // As it is stored: a comment is rendered without a space.
  return { kind: type, title, spaceKey: type === 'comment' ? '' : (space?.key ?? ''), raw };
}

function titleOf({ type, title, containerTitle }: RecordRow): string {
  return shownTitle(type, title, containerTitle);
}
