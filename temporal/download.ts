import { spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';

/** What the download service answers: the same that Temporal's own SDKs ask (sdk-core, `ephemeral_server`). */
const downloadInfo = z.object({ archiveUrl: z.url(), fileToExtract: z.string() });

const archiveLimit = 500_000_000;

/**
 * Downloads the official Temporal CLI and puts it at `target` in one step. Gives up within seconds where the service
 * is out of reach.
 * @throws Error saying why not.
 */
export async function downloadServer(options: {
  target: string;
  version: string;
  progress: (line: string) => void;
  origin?: string | undefined;
}): Promise<void> {
  const origin = options.origin ?? 'https://temporal.download';
  const info = await locate(origin, options.version);
  const folder = mkdtempSync(join(dirname(options.target), 'download-'));
  try {
    const archive = join(folder, 'temporal.tar.gz');
    await fetchFile(info.archiveUrl, archive, options.progress);
    const { status, stderr } = spawnSync('tar', ['-xzf', archive, '-C', folder, info.fileToExtract], {
      encoding: 'utf8',
    });
    if (status !== 0)
      throw new Error(`the downloaded archive could not be unpacked: ${stderr ?? 'tar is missing'}`);
    const program = join(folder, info.fileToExtract);
    chmodSync(program, 0o755);
    if (spawnSync(program, ['--version'], { timeout: 20_000 }).status !== 0) {
      throw new Error('the downloaded server does not run on this system');
    }
    renameSync(program, options.target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function locate(origin: string, version: string): Promise<z.infer<typeof downloadInfo>> {
  const query = new URLSearchParams({
    arch: arch() === 'arm64' ? 'arm64' : 'amd64',
    platform: platform() === 'darwin' ? 'darwin' : 'linux',
    format: 'tar.gz',
  });
  const url = `${origin}/cli/v${version}?${query.toString()}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(4000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return downloadInfo.parse(await response.json());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${origin} is out of reach: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause: error,
    });
  }
}

async function fetchFile(url: string, path: string, progress: (line: string) => void): Promise<void> {
  const stalled = new AbortController();
  const started = Date.now();
  let said = started;
  let bytes = 0;
  let seen = -1;
  const watch = setInterval(() => {
    if (seen === bytes) stalled.abort(new Error('the download of the Temporal server stands still'));
    seen = bytes;
  }, 15_000);
  try {
    const response = await fetch(url, { signal: stalled.signal });
    if (!response.ok || response.body === null) throw new Error(`the download answered ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    progress('Downloading the Temporal server');
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > archiveLimit)
          return done(new Error('the download is larger than a Temporal server can be'));
        if (Date.now() - said > 3000) {
          said = Date.now();
          progress(
            `Downloading the Temporal server: ${megabytes(bytes)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`,
          );
        }
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body as ReadableStream), meter, createWriteStream(path));
  } finally {
    clearInterval(watch);
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1_000_000);
