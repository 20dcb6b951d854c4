import { createHash } from 'node:crypto';
import {
  imageForms,
  macroHandlings,
  tableForms,
  type ContentRules,
  type ImageForm,
  type MacroHandling,
  type TableForm,
} from './types.ts';

/** The part of the rules that says how a body is rendered, every choice made. */
export interface RenderingRules {
  macros: { default: MacroHandling; byName: ReadonlyMap<string, MacroHandling> };
  tables: TableForm;
  images: ImageForm;
}

/** Everything as its kind asks. */
export const defaultRendering: RenderingRules = {
  macros: { default: 'convert', byName: new Map() },
  tables: 'markdown',
  images: 'markdown',
};

/**
 * The rules of rendering as stored, with defaults for what is absent. What is none of the choices, as settings of
 * another version may hold it, counts as absent: rendering never fails on its rules.
 */
export function withDefaults(stored: ContentRules | undefined): RenderingRules {
  const { macros, tables, images }: Record<string, unknown> = { ...stored };
  const { default: general, byName }: Record<string, unknown> = { ...(macros as object | undefined) };
  const named = Object.entries({ ...(byName as object | undefined) }).flatMap(
    ([name, handling]): [string, MacroHandling][] => {
      const known = oneOf(macroHandlings, handling);
      return known === undefined ? [] : [[name.trim().toLowerCase(), known]];
    },
  );
  return {
    macros: {
      default: oneOf(macroHandlings, general) ?? defaultRendering.macros.default,
      byName: new Map(named),
    },
    tables: oneOf(tableForms, tables) ?? defaultRendering.tables,
    images: oneOf(imageForms, images) ?? defaultRendering.images,
  };
}

/** How a macro of that name is rendered. */
export function macroHandling({ macros }: RenderingRules, name: string): MacroHandling {
  return macros.byName.get(name) ?? macros.default;
}

/**
 * A short stable digest of what the rules make of a body: equal where every body comes out equal, whatever the order
 * of the macros and however a default is spelled. Empty for the defaults.
 */
export function rulesDigest({ macros, tables, images }: RenderingRules): string {
  const byName = [...macros.byName].filter(([, handling]) => handling !== macros.default).sort(byKey);
  if (
    byName.length === 0 &&
    macros.default === defaultRendering.macros.default &&
    tables === defaultRendering.tables &&
    images === defaultRendering.images
  ) {
    return '';
  }
  const words = JSON.stringify([macros.default, byName, tables, images]);
  return createHash('sha256').update(words).digest('base64url').slice(0, 22);
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
