import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;

/**
 * A screenshot with 256 colours, a third as large: the most frequent ones, each other pixel in the nearest of these.
 * @param png of eight bits a channel with or without alpha, not interlaced, as browsers write them (PNG, third edition)
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = read(png);
  const frequency = new Map<number, number>();
  for (const pixel of pixels) frequency.set(pixel, (frequency.get(pixel) ?? 0) + 1);
  const colours = [...frequency]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostColours)
    .map(([colour]) => colour);
  const index = new Map(colours.map((colour, at) => [colour, at]));
  const rows = Buffer.alloc(height * (width + 1));
  for (const [at, pixel] of pixels.entries()) {
    let nearest = index.get(pixel);
    if (nearest === undefined) index.set(pixel, (nearest = nearestOf(colours, pixel)));
    rows[at + Math.floor(at / width) + 1] = nearest;
  }
  const palette = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each the place of a colour in the palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearestOf(colours: readonly number[], pixel: number): number {
  const distance = (colour: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((pixel >> shift) & 255)) ** 2, 0);
  let [best, least] = [0, Infinity];
  for (const [at, colour] of colours.entries()) {
    const far = distance(colour);
    if (far < least) [best, least] = [at, far];
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The pixels as 0xRRGGBB, row by row. */
function read(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  if (!png.subarray(0, signature.length).equals(signature)) throw new Error('Not a PNG.');
  const data: Buffer[] = [];
  let [width, height, channels] = [0, 0, 3];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height, channels] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9] === 6 ? 4 : 3];
      if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0)
        throw new Error('Not a PNG as browsers write it.');
    }
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const rows = unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const from = at * channels;
    pixels[at] = (rows[from]! << 16) | (rows[from + 1]! << 8) | rows[from + 2]!;
  }
  return { width, height, pixels };
}

/** Each row begins with how its bytes were told: plainly, or by those to the left and above. */
function unfiltered(told: Buffer, stride: number, height: number, step: number): Buffer {
  const rows = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = told[row * (stride + 1)]!;
    for (let column = 0; column < stride; column += 1) {
      const at = row * stride + column;
      const left = column < step ? 0 : rows[at - step]!;
      const above = row === 0 ? 0 : rows[at - stride]!;
      const corner = row === 0 || column < step ? 0 : rows[at - stride - step]!;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      rows[at] = told[row * (stride + 1) + 1 + column]! + guess;
    }
  }
  return rows;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
