import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { acquireLock, processIdentity } from '../process/lock.mjs';
import { missingPackages, nodeIsInstalled } from './installed.mjs';

// Runs before `npm start` and `npm test`, on whatever Node the machine has (20 or newer) and without any package.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stderr.write(`${line}\n`);

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  say(
    `Sluice needs Node 20 or newer to start, and this is ${process.version}. Install it from https://nodejs.org.`,
  );
  process.exit(1);
}
if (missingPackages(root).length > 0 || !nodeIsInstalled(root)) {
  process.exitCode = await installInTurn();
}

/** Two starts at once install once; the lock of a killed install is taken over. */
async function installInTurn() {
  try {
    mkdirSync(join(root, '.sluice'), { recursive: true });
  } catch (error) {
    say(
      `Sluice cannot write to ${root} (${error.code}). Make the folder yours, or clone it to a place that is.`,
    );
    return 1;
  }
  for (let turn = 0; ; turn += 1) {
    const lock = acquireLock(join(root, '.sluice', 'install.lock'));
    if (lock.acquired) {
      try {
        const missing = missingPackages(root);
        if (missing.length > 0) return await install(missing, lock);
        return nodeIsInstalled(root) ? 0 : await installNode(lock);
      } finally {
        lock.release();
      }
    }
    if (turn % 10 === 0) say(`Process ${lock.holder.pid} is installing the dependencies: waiting for it`);
    await delay(500);
  }
}

async function install(missing, lock) {
  const why = existsSync(join(root, 'node_modules'))
    ? 'are out of date or half installed'
    : 'are not installed yet';
  say(`The dependencies ${why}: installing them (about half a minute, once)`);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const total = missingPackages(root, 'all').length;
  const timer = setInterval(() => {
    const there = total - missingPackages(root, 'folders').length;
    // npm fetches everything before it unpacks the first package, and runs the packages' own scripts at the end.
    const step = there === 0 ? 'fetching' : there < total ? `${there} of ${total} packages` : 'finishing';
    say(`Installing: ${step}, ${seconds()} s`);
  }, 4000);
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--include=optional'];
  // The default waits a minute and more before it says that there is no network.
  const patience = ['--fetch-retries=4', '--fetch-retry-mintimeout=500', '--fetch-retry-factor=2'];
  const { code, output } = await npm(['ci', ...flags, ...patience], root, lock);
  clearInterval(timer);
  if (code === 0 && !nodeIsInstalled(root)) return installNode(lock);
  if (code === 0) {
    say(`The dependencies are installed (${seconds()} s)`);
    return 0;
  }
  say(gist(output));
  say(remedy(output));
  return 1;
}

/** The package `node` fetches its program by an install script, which some set-ups do not run. */
async function installNode(lock) {
  if (major >= 24) return 0;
  const folder = join(root, 'node_modules', 'node');
  say('Fetching Node 24');
  const { code, output } = await run(process.execPath, ['installArchSpecificPackage.js'], folder, lock);
  if (code === 0 && nodeIsInstalled(root)) return 0;
  say(gist(output));
  say(`Node 24 could not be fetched. ${remedy(output)} Or install Node 24 yourself from https://nodejs.org.`);
  return 1;
}

function npm(args, cwd, lock) {
  const own = process.env.npm_execpath ?? '';
  return own.endsWith('npm-cli.js')
    ? run(process.execPath, [own, ...args], cwd, lock)
    : run('npm', args, cwd, lock);
}

function run(command, args, cwd, lock) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(0, 20_000);
    };
    // The installer outlives us when we are killed: the lock is its own, so that nobody installs beside it.
    if (child.pid !== undefined) lock.describe({ pid: child.pid, identity: processIdentity(child.pid) });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** npm says what is wrong first and how its command is used last. */
function gist(output) {
  const lines = output.trim().split('\n');
  return lines.length <= 16 ? lines.join('\n') : [...lines.slice(0, 12), '…', ...lines.slice(-2)].join('\n');
}

function remedy(output) {
  const known = [
    [/ENOSPC/, 'The disk is full: free about a gigabyte and start again.'],
    [
      /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
      'The package registry is out of reach: check the network (and HTTPS_PROXY, or the registry in `npm config get registry`) and start again.',
    ],
    [
      /EACCES|EPERM|EROFS/,
      `Files below ${root} belong to somebody else: make them yours (chown) and start again.`,
    ],
    [/E401|E403/, 'The package registry refuses: check the registry and its token in `npm config`.'],
    [
      /CERT|certificate/,
      "The registry's certificate is not trusted here: set NODE_EXTRA_CA_CERTS to your authority's file.",
    ],
    [
      /EUSAGE|can only install packages when/,
      'package.json and package-lock.json disagree: run `npm install`.',
    ],
    [/spawn npm ENOENT/, 'There is no npm on the PATH: install it with Node from https://nodejs.org.'],
  ];
  const found = known.find(([pattern]) => pattern.test(output));
  return found?.[1] ?? 'The installation failed: what npm said stands above. Start again once it is mended.';
}
