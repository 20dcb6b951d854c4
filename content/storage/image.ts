import { safeUrl } from '../url.ts';
import { EMOTICONS } from './emoticons.ts';
import { escapeDestination, escapeWords } from './escape.ts';
import { rulesOf } from './handling.ts';
import { child, type Render, type Walk } from './walk.ts';

/** An image as an image of Markdown, or as the rules have it. `source` is empty for an attached file. */
function writeImage(alt: string, source: string, file: string, walk: Walk): void {
  const { writer, context } = walk;
  const { images } = rulesOf(walk);
  const words = alt.replace(/\s+/g, ' ').trim();
  if (images === 'name') return writer.words(file || words);
  if (images === 'alt') return writer.words(words);
  // The name of a file elsewhere is in its address.
  const name = source === '' || alt === '' ? file : '';
  const url = source === '' ? null : safeUrl(source, context.baseUrl);
  const label = words || name;
  const target = url ?? encodeURIComponent(name.toWellFormed());
  if (label === '' && target === '') return;
  const text = label === name || name === '' ? label : `${label} (${name})`;
  if (images === 'link') {
    if (target !== '') writer.openMark('[', `](${escapeDestination(target)})`);
    writer.finished(escapeWords(label || target, writer.inCell), text || target);
    if (target !== '') writer.closeMark();
    return;
  }
  writer.finished(`![${escapeWords(label, writer.inCell)}](${escapeDestination(target)})`, text);
}

const fileOf = (address: string) => {
  const path = /^(?:https?:\/\/[^/?#]+)?([^?#]*)/i.exec(address)?.[1] ?? '';
  return path.startsWith('data:') ? '' : (path.split('/').at(-1) ?? '');
};

const image: Render = (element, walk) => {
  // With its caption, which says nothing without it.
  if (rulesOf(walk).images === 'drop') return;
  const { writer } = walk;
  const alt = element.attributes['ac:alt'] ?? element.attributes['ac:title'] ?? '';
  const attachment = child(element, 'ri:attachment');
  const address = child(element, 'ri:url')?.attributes['ri:value'] ?? '';
  if (attachment !== undefined) writeImage(alt, '', attachment.attributes['ri:filename'] ?? '', walk);
  else writeImage(alt, address, fileOf(address), walk);
  for (const node of element.children) {
    // The caption, and anything else that has words.
    if (typeof node === 'string') writer.words(node);
    else if (node.name.startsWith('ri:')) walk.nodes(node.children);
    else walk.nodes([node]);
  }
};

const img: Render = ({ attributes }, walk) => {
  if (rulesOf(walk).images === 'drop') return;
  const source = attributes.src ?? '';
  writeImage(attributes.alt ?? '', source, fileOf(source), walk);
};

const emoticon: Render = ({ attributes, children }, { writer, nodes }) => {
  const name = attributes['ac:name'] ?? '';
  const shortName = attributes['ac:emoji-shortname'] ?? '';
  const words = attributes['ac:emoji-fallback'] || EMOTICONS.get(name) || shortName || (name && `:${name}:`);
  writer.words(words);
  nodes(children);
};

/** Images by name and alternative text, and emoticons by their character. */
export const imageRenders: Record<string, Render> = {
  'ac:image': image,
  img,
  'ac:emoticon': emoticon,
};
