import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { Refused } from './refused.ts';
import type { ExtractionLimits } from './types.ts';

/** A ZIP container that is within the limits, with its entries as they are asked for. Nothing nested is opened. */
export interface Packed {
  /** Names of all entries. */
  names: readonly string[];
  has(name: string): boolean;
  /**
   * One entry, unpacked piece by piece. What it really unpacks to is counted over all entries, whatever was declared.
   * @throws Refused `bomb`, `broken`
   */
  read(name: string): AsyncGenerator<Buffer, void>;
}

/**
 * Opens a container by its directory, and weighs what that declares before anything is unpacked.
 * @throws Refused `bomb`, `encrypted`, `broken`
 */
export async function openPacked(file: Buffer, limits: ExtractionLimits): Promise<Packed> {
  const zip = await fromBufferPromise(file, { lazyEntries: true, validateEntrySizes: true }).catch(() => {
    throw new Refused('broken', 'The file is a damaged ZIP container.');
  });
  if (zip.entryCount > limits.entries) throw tooMany(limits);
  const entries = await directory(zip);
  let declared = 0;
  for (const entry of entries.values()) declared += entry.uncompressedSize;
  if (declared > limits.unpackedBytes) throw tooMuch(limits);
  if (declared > limits.ratioFromBytes && declared > file.length * limits.ratio) {
    throw new Refused('bomb', `The file unpacks to more than ${limits.ratio} times its size.`);
  }

  let unpacked = 0;
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    async *read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new Refused('broken', 'A part that the file must have is missing.');
      const stream = await zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        unpacked += chunk.length;
        if (unpacked > limits.unpackedBytes) throw tooMuch(limits);
        yield chunk;
      }
    },
  };
}

async function directory(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new Refused('encrypted', 'The file is protected by a password.');
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('broken', 'The directory of the ZIP container is damaged.');
  }
  return entries;
}

const tooMany = ({ entries }: ExtractionLimits) =>
  new Refused('bomb', `The file holds more than ${entries.toLocaleString('en')} parts.`);

const tooMuch = ({ unpackedBytes }: ExtractionLimits) =>
  new Refused('bomb', `The file unpacks to more than ${Math.round(unpackedBytes / 1024 / 1024)} MB.`);
