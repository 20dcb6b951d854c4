/** Rich text of paragraphs, as WordPad writes it. */
export function rtf(paragraphs: readonly string[]): Buffer {
  const escape = (text: string) =>
    [...text.replace(/[\\{}]/g, '\\$&')]
      .flatMap((character) => {
        if (character.charCodeAt(0) < 128) return character;
        return Array.from(
          { length: character.length },
          (_, at) => `\\u${(character.charCodeAt(at) << 16) >> 16}?`,
        );
      })
      .join('');
  const body = paragraphs.map((text) => `${escape(text)}\\par\r\n`).join('');
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil\\fcharset0 Calibri;}}\r\n{\\*\\generator Riched20;}\\viewkind4\\uc1\\pard\\f0\\fs22 ${body}}\r\n`,
    'latin1',
  );
}
