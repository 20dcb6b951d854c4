import { safeUrl } from '../url.ts';
import { EMOTICONS } from './emoticons.ts';
import { escapeDestination, escapeWords } from './escape.ts';
import { child, type Render, type Walk } from './walk.ts';

function writeImage(alt: string, source: string, name: string, { writer, context }: Walk): void {
  const url = source === '' ? null : safeUrl(source, context.baseUrl);
  const label = alt.replace(/\s+/g, ' ').trim() || name;
  const target = url ?? encodeURIComponent(name.toWellFormed());
  if (label === '' && target === '') return;
  const text = label === name || name === '' ? label : `${label} (${name})`;
  writer.finished(`![${escapeWords(label, writer.inCell)}](${escapeDestination(target)})`, text);
}

const fileOf = (address: string) => {
  const path = /^(?:https?:\/\/[^/?#]+)?([^?#]*)/i.exec(address)?.[1] ?? '';
  return path.startsWith('data:') ? '' : (path.split('/').at(-1) ?? '');
};

const image: Render = (element, walk) => {
  const { writer } = walk;
  const alt = element.attributes['ac:alt'] ?? element.attributes['ac:title'] ?? '';
  const attachment = child(element, 'ri:attachment');
  const address = child(element, 'ri:url')?.attributes['ri:value'] ?? '';
  if (attachment !== undefined) writeImage(alt, '', attachment.attributes['ri:filename'] ?? '', walk);
  else writeImage(alt, address, alt === '' ? fileOf(address) : '', walk);
  for (const node of element.children) {
    // The caption, and anything else that has words.
    if (typeof node === 'string') writer.words(node);
    else if (node.name.startsWith('ri:')) walk.nodes(node.children);
    else walk.nodes([node]);
  }
};

const img: Render = ({ attributes }, walk) => {
  const source = attributes.src ?? '';
  const alt = attributes.alt ?? '';
  writeImage(alt, source, alt === '' ? fileOf(source) : '', walk);
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
