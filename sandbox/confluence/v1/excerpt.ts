const LENGTH = 240;

/** Some text around the first word that the query asks for; `highlight` puts Confluence's marks around such words. */
export function excerptOf(text: string, cql: string, strategy: string): string {
  if (strategy === 'none') return '';
  const words = [...cql.matchAll(/(?:text|title|sitesearch)\s*~\s*"((?:[^"\\]|\\.)*)"/gi)]
    .flatMap((match) => match[1]!.match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => word.length > 1);
  const pattern = words.length === 0 ? undefined : new RegExp(`(${words.join('|')})`, 'giu');
  const first = pattern === undefined ? 0 : Math.max(0, text.search(pattern));
  const start = Math.max(0, first - LENGTH / 3);
  const part = text.slice(start, start + LENGTH).replace(/\s+/g, ' ');
  const shown = strategy.endsWith('_unescaped') ? part : escapeHtml(part);
  return strategy.startsWith('highlight') && pattern !== undefined
    ? shown.replace(pattern, '@@@hl@@@$1@@@endhl@@@')
    : shown;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
