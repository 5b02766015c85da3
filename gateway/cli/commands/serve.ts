import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { gatewayArguments } from '../stack/gateway-process.ts';

interface ServeOptions extends CommonOptions {
  readonly config: string;
}

/** `serve --config FILE` */
export function addServeCommand(program: Command, cli: Cli): void {
  const command = program
    .command('serve')
    .description('runs the gateway with nothing embedded; logs go to standard error, SIGTERM drains')
    .requiredOption('--config <file>', "the gateway's config file");
  attach<ServeOptions>(cli, command, serve);
}

const KNOWN: readonly number[] = Object.values(EXIT_CODES);

async function serve({ terminal }: CommandContext, _args: readonly string[], options: ServeOptions): Promise<ExitCode> {
  const child = spawn(process.execPath, gatewayArguments(['--config', options.config]), {
    // Nothing is said on the line: it closes with this process, however that ends, and the gateway drains.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: terminal.env,
    // A terminal's Ctrl-C comes here and is passed on once, as the signal that drains.
    detached: process.platform !== 'win32',
  });
  const pass = () => void child.kill('SIGTERM');
  if (terminal.signal.aborted) pass();
  terminal.signal.addEventListener('abort', pass, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return EXIT_CODES.COMPLETE;
  return KNOWN.includes(code ?? -1) ? (code as ExitCode) : EXIT_CODES.UNAVAILABLE;
}
