import type { StorageElement } from './tree.ts';
import { rawText, type Render } from './walk.ts';

/** A fence's info string from the name that Confluence knows the language by; '' when it is no single word. */
export function codeLanguage(name: string): string {
  const word = name.trim().toLowerCase();
  if (word === 'none' || word === 'text' || word === 'plain') return '';
  return /^[\w+#.-]{1,40}$/.test(word) ? word : '';
}

/** The program text of a macro: its plain-text body, or all of its content where that is missing. */
export function codeBody(macro: StorageElement): string {
  return macro.children
    .map((node) => {
      if (typeof node === 'string') return node.trim() === '' ? '' : node;
      return node.name === 'ac:parameter' || node.name === 'ac:default-parameter' ? '' : rawText(node);
    })
    .join('');
}

/** A macro of program text with its title above. */
export const codeMacro =
  (parameter: (macro: StorageElement, name: string) => string, fallbackLanguage = ''): Render =>
  (macro, { writer }) => {
    writer.endBlock();
    const title = parameter(macro, 'title');
    if (title.trim() !== '') {
      writer.openMark('**', '**');
      writer.words(title);
      writer.closeMark();
      writer.endBlock();
    }
    writer.codeBlock(codeBody(macro), codeLanguage(parameter(macro, 'language') || fallbackLanguage));
  };
