import { defaultRendering, macroHandling, type RenderingRules } from '../rules/rendering.ts';
import { sourceOf } from './source.ts';
import type { StorageElement } from './tree.ts';
import type { Render, Walk } from './walk.ts';

/** The rules that a body is rendered by. */
export function rulesOf({ context }: Walk): RenderingRules {
  return context.rules ?? defaultRendering;
}

/** A macro by the rule for its name: as its kind asks (`convert`), or in one of the ways that fit every macro. */
export function renderMacro(
  macro: StorageElement,
  walk: Walk,
  { name, inline, convert }: { name: string; inline: boolean; convert: Render },
): void {
  const { writer } = walk;
  switch (macroHandling(rulesOf(walk), name)) {
    case 'drop':
      if (!inline) writer.endBlock();
      return;
    case 'raw':
      if (inline) writer.code(sourceOf(macro));
      else writer.codeBlock(sourceOf(macro), 'xml');
      return;
    case 'text': {
      const { text } = writer.capture(false, () => convert(macro, walk));
      if (inline) writer.words(text);
      else paragraph(text, walk);
      return;
    }
    case 'convert':
      convert(macro, walk);
  }
}

/** Lines of words as one paragraph without any markup. */
export function paragraph(text: string, { writer }: Walk): void {
  writer.endBlock();
  for (const line of text.split('\n')) {
    writer.words(line);
    writer.lineBreak();
  }
  writer.endBlock();
}
