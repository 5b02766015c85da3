import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { filled, type Words } from '../../errors/words.ts';
import { GATEWAY_FLAGS } from '../node-flags.mjs';
import { CliProblem } from '../problem.ts';

/** The gateway as a process of its own, as it runs anywhere else. */
export interface GatewayProcess {
  readonly port: number;
  readonly deployment: string;
  /** Resolves when it has ended, however that came. */
  readonly ended: Promise<void>;
  /** Asks it to drain and waits; ends it where it has not ended by itself in 15 s. May be called more than once. */
  stop(): Promise<void>;
}

export const GATEWAY_MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/**
 * Runs its arguments and waits for descriptor 3 to close, which happens however this program ends, kill -9 included; then
 * asks the gateway to drain. A session of its own keeps a terminal's Ctrl-C away from it: this program stops it in order.
 */
const WATCHDOG =
  '"$@" </dev/null 3<&- & p=$!; (read -r _; kill -TERM $p) <&3 2>/dev/null & w=$!; wait $p; c=$?; kill $w 2>/dev/null; wait $w; exit $c';
const START_MS = 60_000;
const STOP_MS = 15_000;
const NOT_WITHIN: Words = { en: 'not within {seconds} s', vi: 'không sẵn sàng trong {seconds} giây' };
const EXIT_CODE: Words = { en: 'exit code {code}', vi: 'mã thoát {code}' };

/** Arguments for this program's own Node to run the gateway. */
export function gatewayArguments(args: readonly string[]): string[] {
  return ['--disable-warning=ExperimentalWarning', ...GATEWAY_FLAGS, GATEWAY_MAIN, ...args];
}

/**
 * Starts the gateway on a config file and waits until it listens. Its log goes to `logFile`.
 *
 * Throws CliProblem GATEWAY_CONFIG, GATEWAY_FAILED (both name the log), INTERRUPTED.
 */
export async function startGateway({
  config,
  logFile,
  env,
  signal,
}: {
  config: string;
  logFile: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}): Promise<GatewayProcess> {
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  const child = launch(gatewayArguments(['--config', config]), log, env);
  closeSync(log);
  let code: number | null | undefined;
  const ended = once(child, 'exit').then(
    ([status]) => {
      code = status as number | null;
    },
    () => {
      code = null;
    },
  );
  const stop = () => stopChild(child, ended);
  try {
    const listening = await Promise.race([listeningLine(child), ended, after(START_MS, signal)]);
    if (signal.aborted) throw new CliProblem('INTERRUPTED');
    if (listening === undefined) {
      throw new CliProblem(code === EXIT_CODES.USAGE ? 'GATEWAY_CONFIG' : 'GATEWAY_FAILED', {
        log: logFile,
        code:
          code === undefined
            ? filled(NOT_WITHIN, { seconds: START_MS / 1000 })
            : filled(EXIT_CODE, { code: String(code) }),
      });
    }
    return { ...listening, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(args: readonly string[], log: number, env: Readonly<Record<string, string | undefined>>): ChildProcess {
  if (process.platform === 'win32') return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', log], env });
  return spawn('/bin/sh', ['-c', WATCHDOG, 'lienthong-gateway', process.execPath, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', log, 'pipe'],
    env,
  });
}

type Listening = Pick<GatewayProcess, 'port' | 'deployment'>;

async function listeningLine({ stdout }: ChildProcess): Promise<Listening | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    const { event, port, deployment } = parse(line);
    if (event === 'listening' && typeof port === 'number') return { port, deployment: String(deployment) };
  }
  return undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function after(ms: number, signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, undefined);
    timer.unref();
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const line = child.stdio[3];
  if (line !== null && line !== undefined && 'destroy' in line) line.destroy();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => {
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  }, STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** The contract's descriptor set, as the gateway process gives it. Throws CliProblem GATEWAY_FAILED. */
export async function readDescriptors(): Promise<Uint8Array> {
  const child = spawn(process.execPath, gatewayArguments(['--descriptors']), { stdio: ['ignore', 'pipe', 'ignore'] });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new CliProblem('GATEWAY_FAILED', { code: filled(EXIT_CODE, { code: String(code) }), log: '--descriptors' });
  return Buffer.concat(pieces);
}
