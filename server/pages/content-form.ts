import type { Request } from 'express';
import { InvalidInput } from '../../errors.ts';
import type { MacroUsage } from '../../store/macro-usage.ts';
import {
  emptyRows,
  inputs,
  mostRows,
  type ContentFormValues,
} from '../../web/screens/connection/content-values.ts';
import { contentSchema, type ContentSettings } from '../content-settings.ts';
import type { ConnectionView } from '../views.ts';
import { formText } from './page.ts';

/** The form of what is stored. Macros that the content has, and that no rule names, have a row each. */
export function storedContent(
  { settings, settingsVersion }: ConnectionView,
  used: readonly MacroUsage[],
): ContentFormValues {
  const { fields = {}, macros = {}, tables, images, attachments = {} } = settings.content ?? {};
  const { byType = [], maxBytes } = attachments;
  return withEmptyRows(
    {
      version: String(settingsVersion),
      fields: Object.entries(fields).map(([name, rule]) => ({
        name,
        from: rule.from,
        default: rule.default ?? '',
      })),
      macrosDefault: macros.default ?? 'convert',
      macros: Object.entries(macros.byName ?? {}).map(([name, handling]) => ({ name, handling })),
      tables: tables ?? 'markdown',
      images: images ?? 'markdown',
      attachmentsDefault: attachments.default ?? 'text',
      types: byType.map(({ types, handling }) => ({ types: types.join(', '), handling })),
      largest: maxBytes === undefined ? '' : String(maxBytes / 1_000_000),
      larger: attachments.larger ?? 'link',
      item: '',
    },
    used,
  );
}

/** The form as it was posted. */
export function postedContent(req: Request, used: readonly MacroUsage[]): ContentFormValues {
  const text = (name: string, longest = 500) => formText(req, name, longest);
  const rows = <Row>(most: number, row: (at: number) => Row) =>
    Array.from({ length: most }, (_, at) => row(at));
  return withEmptyRows(
    {
      version: text('version', 20),
      fields: rows(mostRows.fields, (at) => ({
        name: text(inputs.field(at, 'name')),
        from: text(inputs.field(at, 'from')),
        default: text(inputs.field(at, 'default'), 600),
      })),
      macrosDefault: text('macrosDefault'),
      macros: rows(mostRows.macros, (at) => ({
        name: text(inputs.macro(at, 'name')),
        handling: text(inputs.macro(at, 'handling')),
      })),
      tables: text('tables'),
      images: text('images'),
      attachmentsDefault: text('attachmentsDefault'),
      types: rows(mostRows.types, (at) => ({
        types: text(inputs.type(at, 'types'), 12_000),
        handling: text(inputs.type(at, 'handling')),
      })),
      largest: text('largest', 30),
      larger: text('larger'),
      item: text('item', 2_000),
    },
    used,
  );
}

function withEmptyRows(values: ContentFormValues, used: readonly MacroUsage[]): ContentFormValues {
  const fields = values.fields.filter(({ name, default: text }) => name !== '' || text !== '');
  const types = values.types.filter((row) => row.types !== '');
  const macros = values.macros.filter(({ name }) => name !== '');
  const named = new Set(macros.map(({ name }) => name.toLowerCase()));
  const unnamed = used.filter(({ name }) => !named.has(name)).map(({ name }) => ({ name, handling: '' }));
  const empty = <Row>(row: Row): Row[] => Array.from({ length: emptyRows }, () => row);
  return {
    ...values,
    fields: [...fields, ...empty({ name: '', from: 'title', default: '' })],
    macros: [...macros, ...unnamed, ...empty({ name: '', handling: 'drop' })],
    types: [...types, ...empty({ types: '', handling: 'skip' })],
  };
}

/** @throws InvalidInput naming the inputs as the form has them */
export function contentFrom(values: ContentFormValues): ContentSettings {
  const faults: Record<string, string> = {};
  const places = new Map<string, string>();
  const fields = byName(values.fields, 'fields', (row, at) => {
    if (row.name === '') {
      if (row.default !== '')
        faults[inputs.field(at, 'name')] = 'Give the field a name, or empty its default.';
      return null;
    }
    places.set(`fields.${row.name}`, inputs.field(at, 'name'));
    places.set(`fields.${row.name}.from`, inputs.field(at, 'from'));
    places.set(`fields.${row.name}.default`, inputs.field(at, 'default'));
    return { from: row.from, ...(row.default === '' ? {} : { default: row.default }) };
  });
  const macros = byName(values.macros, 'macros', (row, at) => {
    if (row.name === '' || row.handling === '') return null;
    places.set(`macros.byName.${row.name}`, inputs.macro(at, 'name'));
    return row.handling;
  });

  function byName<Row extends { name: string }, Rule>(
    rows: readonly Row[],
    what: 'fields' | 'macros',
    ruleOf: (row: Row, at: number) => Rule | null,
  ): Record<string, Rule> {
    const rules = new Map<string, Rule>();
    rows.forEach((row, at) => {
      const rule = ruleOf(row, at);
      if (rule === null) return;
      const key = what === 'macros' ? row.name.toLowerCase() : row.name;
      if (rules.has(key))
        faults[what === 'macros' ? inputs.macro(at, 'name') : inputs.field(at, 'name')] =
          `"${row.name}" is there twice.`;
      rules.set(key, rule);
    });
    return Object.fromEntries(rules);
  }

  const typeRows = values.types.flatMap(({ types, handling }, at) =>
    types === '' ? [] : [{ types, handling, at }],
  );
  typeRows.forEach(({ at }, index) => places.set(`attachments.byType.${index}`, inputs.type(at, 'types')));
  const byType = typeRows.map(({ types, handling }) => ({
    types: types.split(/[\s,;]+/).filter((type) => type !== ''),
    handling,
  }));
  const maxBytes = bytesOf(values.largest, faults);
  // What is as it always was is not written down.
  const said = <Value>(name: string, value: Value, usual: Value): Record<string, Value> =>
    value === usual || value === '' ? {} : { [name]: value };
  const some = (name: string, part: object): Record<string, object> =>
    Object.keys(part).length === 0 ? {} : { [name]: part };
  const parsed = contentSchema.safeParse({
    ...some('fields', fields),
    ...some('macros', { ...said('default', values.macrosDefault, 'convert'), ...some('byName', macros) }),
    ...said('tables', values.tables, 'markdown'),
    ...said('images', values.images, 'markdown'),
    ...some('attachments', {
      ...said('default', values.attachmentsDefault, 'text'),
      ...some('byType', byType),
      ...(maxBytes === null ? {} : { maxBytes, ...said('larger', values.larger, 'link') }),
    }),
  });
  for (const { path, message } of parsed.error?.issues ?? [])
    faults[placeOf(path.map(String), places)] ??= message;
  if (parsed.data === undefined || Object.keys(faults).length > 0) throw new InvalidInput(faults);
  return parsed.data;
}

/** The input of the longest part of a path that has one. */
function placeOf(path: readonly string[], places: ReadonlyMap<string, string>): string {
  const own: Record<string, string> = {
    'macros.default': 'macrosDefault',
    'macros.byName': inputs.macro(0, 'name'),
    fields: inputs.field(0, 'name'),
    'attachments.default': 'attachmentsDefault',
    'attachments.byType': inputs.type(0, 'types'),
    'attachments.maxBytes': 'largest',
    'attachments.larger': 'larger',
  };
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length).join('.');
    const place = places.get(part) ?? own[part];
    if (place !== undefined) return place;
  }
  return path[0] ?? 'tables';
}

/** Null for no limit. */
function bytesOf(megabytes: string, faults: Record<string, string>): number | null {
  if (megabytes === '') return null;
  const value = /^\d{1,6}(?:[.,]\d{1,6})?$/.test(megabytes) ? Number(megabytes.replace(',', '.')) : 0;
  const bytes = Math.round(value * 1_000_000);
  if (bytes < 1 || bytes > 10_000_000_000)
    faults['largest'] = 'Give a size in megabytes, at most 10,000, or leave it empty.';
  return bytes;
}
