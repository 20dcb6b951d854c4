import { docxOf } from '../sandbox/world/files/office.ts';
import { pdf } from '../sandbox/world/files/pdf.ts';
import { zipped } from '../sandbox/world/files/zip.ts';

/** A Word document whose text is `size` times one letter: a thousand times smaller packed. */
export const repeatingDocument = (size: number) =>
  docxOf(`<w:p><w:r><w:t>${'a'.repeat(size)}</w:t></w:r></w:p>`);

/** A container whose directory tells of `size` bytes only, whatever is in it. */
export function lyingAboutSize(packed: Buffer, size: number): Buffer {
  const copy = Buffer.from(packed);
  const headers = { central: [0x02014b50, 24], local: [0x04034b50, 22] } as const;
  for (const [signature, offset] of Object.values(headers)) {
    for (let at = 0; at < copy.length - 46; at += 1) {
      if (copy.readUInt32LE(at) === signature) copy.writeUInt32LE(size, at + offset);
    }
  }
  return copy;
}

/** A directory of `count` entries (ZIP64) with nothing behind them. */
export function manyEntries(count: number): Buffer {
  const name = Buffer.from('x');
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(name.length, 28);
  name.copy(entry, 46);
  const directory = Buffer.alloc(entry.length * count, entry);
  const start = Buffer.from('PK\x03\x04', 'latin1');
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(BigInt(count), 24);
  end64.writeBigUInt64LE(BigInt(count), 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(start.length), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start.length + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0, 20);
  return Buffer.concat([start, directory, end64, locator, end]);
}

/** Ten archives in ten archives in ten, as 42.zip is built. */
export function nestedArchive(depth = 3): Buffer {
  const inner = depth === 0 ? Buffer.alloc(1_000_000) : nestedArchive(depth - 1);
  return zipped(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${index}.zip`, inner])));
}

const laughs = Array.from({ length: 12 }, (_, n) =>
  n === 0 ? '<!ENTITY l0 "ha">' : `<!ENTITY l${n} "${`&l${n - 1};`.repeat(10)}">`,
).join('');

/** "A billion laughs" in the part of a file that holds its words. */
export function withEntities(packed: (part: string) => Buffer): Buffer {
  return packed(`<!DOCTYPE x [${laughs}]>&l11;`);
}

/** A PDF whose table of objects is told to be of `size`. */
export function hugeTable(size: number): Buffer {
  const text = pdf([['one page']]).toString('latin1');
  return Buffer.from(
    text.replace(/xref\n0 \d+/, `xref\n0 ${size}`).replace(/\/Size \d+/, `/Size ${size}`),
    'latin1',
  );
}

/** A PDF that wants a password: its check values fit none. */
export function lockedPdf(): Buffer {
  const text = pdf([['one page']]).toString('latin1');
  const lock = `/ID [<${'01'.repeat(16)}> <${'01'.repeat(16)}>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <${'ab'.repeat(32)}> /U <${'cd'.repeat(32)}> >>`;
  return Buffer.from(text.replace('/Root 1 0 R', `/Root 1 0 R ${lock}`), 'latin1');
}

/** The beginning of a protected Office file: a compound file with the name of its stream. */
export function lockedOffice(): Buffer {
  const head = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  return Buffer.concat([
    head,
    Buffer.alloc(504),
    Buffer.from('EncryptedPackage', 'utf16le'),
    Buffer.alloc(512),
  ]);
}
