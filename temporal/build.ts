import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Builds the server with the machine's Go toolchain (two to four minutes, once) and puts it at `target` in one step.
 * @throws Error saying why not.
 */
export async function buildWithGo(options: {
  target: string;
  version: string;
  progress: (line: string) => void;
  env: NodeJS.ProcessEnv;
}): Promise<void> {
  const { target, version, progress } = options;
  const module = `github.com/temporalio/cli/cmd/temporal@v${version}`;
  if (spawnSync('go', ['version'], { env: options.env }).status !== 0) {
    throw new Error('there is no Go toolchain (`go`) on the PATH');
  }
  const folder = mkdtempSync(join(dirname(target), 'build-'));
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  let step = 'fetching sources';
  const timer = setInterval(
    () =>
      progress(`Building the Temporal server with Go, once, usually 2 to 4 minutes: ${seconds()} s, ${step}`),
    5000,
  );
  try {
    progress('Building the Temporal server with Go');
    const output = await go(['install', '-v', module], { ...options.env, GOBIN: folder }, (line) => {
      step = line.startsWith('go: ') ? 'fetching sources' : `compiling ${line.slice(0, 60)}`;
    });
    if (output.status !== 0) throw new Error(`\`go install ${module}\` failed: ${output.end}`);
    // A copy beside the target first: the rename is then within one folder and atomic.
    copyFileSync(join(folder, 'temporal'), `${target}.part`);
    renameSync(`${target}.part`, target);
    progress(`The Temporal server is built (${seconds()} s)`);
  } finally {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

function go(
  args: string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<{ status: number; end: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let tail = '';
    const stop = () => child.kill();
    process.once('exit', stop);
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      tail = (tail + text).slice(-2000);
      const line = text.trim().split('\n').at(-1);
      if (line) onLine(line);
    });
    child.once('error', reject);
    child.once('close', (status) => {
      process.removeListener('exit', stop);
      resolve({ status: status ?? 1, end: tail.trim().split('\n').slice(-4).join(' ') });
    });
  });
}
