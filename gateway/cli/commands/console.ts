import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { openConsole } from '../citizen/open-console.ts';
import {
  attach,
  type Cli,
  type CommandContext,
  PROFILE_OPTION,
  type ProfileOptions,
  profileFolderOf,
  wholeNumber,
} from '../cli.ts';
import { aborted } from '../interrupt.ts';
import { fill } from '../problem.ts';
import { freePort } from '../stack/free-port.ts';

interface ConsoleOptions extends ProfileOptions {
  readonly port?: string;
}

const DEFAULT_PORT = 7480;

const WORDS = {
  en: { ready: 'The citizen’s page: {link} (this machine only)', end: 'Ctrl-C ends it; nothing is kept.' },
  vi: { ready: 'Trang công dân: {link} (chỉ trên máy này)', end: 'Bấm Ctrl-C để dừng; không có gì được giữ lại.' },
} as const;

/** `console --profile DIR` */
export function addConsoleCommand(program: Command, cli: Cli): void {
  const command = program
    .command('console')
    .description('the citizen’s page of a development deployment, on loopback, until Ctrl-C')
    .option(...PROFILE_OPTION)
    .option('--port <n>', `port on loopback; 0 for any (default: ${DEFAULT_PORT})`);
  attach<ConsoleOptions>(cli, command, serveUntilInterrupted);
}

async function serveUntilInterrupted(context: CommandContext, _args: readonly string[], options: ConsoleOptions) {
  const { terminal, settings } = context;
  const folder = profileFolderOf(terminal, options);
  const port = await freePort(wholeNumber('--port', options.port, 0, 65_535) ?? DEFAULT_PORT);
  const running = await openConsole(folder, { port, env: terminal.env });
  try {
    const words = WORDS[settings.language];
    context.give({ event: 'ready', link: running.link, port: running.port });
    context.say(`${fill(words.ready, { link: running.link })}\n${words.end}`);
    await aborted(terminal.signal);
    return EXIT_CODES.INTERRUPTED;
  } finally {
    await running.close();
  }
}
