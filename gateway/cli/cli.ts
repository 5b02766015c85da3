import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { ExitCode } from '../../connectors/kit/exit-codes.ts';
import { loadProfile, type Profile } from '../../connectors/kit/profile.ts';
import { CliProblem } from './problem.ts';
import { createProgress, type Progress } from './progress.ts';
import { sayable } from './sayable.ts';
import { languageOf, type Settings, type Terminal } from './terminal.ts';

/** What a command is given: where it reads and writes, and how it was asked to speak. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly progress: Progress;
  /** A line for people on standard output; nothing with --json. */
  say(text: string): void;
  /** The result for programs on standard output; nothing without --json. */
  give(value: unknown): void;
}

export type Work<Options> = (context: CommandContext, args: readonly string[], options: Options) => Promise<ExitCode>;

export interface Cli {
  readonly terminal: Terminal;
  /** Exit code of the command that ran. */
  exitCode: ExitCode;
  /** How the command that ran was asked to speak; for errors. */
  settings: Settings;
  /** A result stands on standard output already: an error adds no second one. */
  gave: boolean;
}

/** Adds what every command takes, and its work. */
export function attach<Options extends CommonOptions>(cli: Cli, command: Command, work: Work<Options>): Command {
  command.addOption(langOption()).option('--json', 'results for programs on standard output');
  return command.action(async function (this: Command) {
    const options = this.opts<Options>();
    const settings: Settings = {
      language: languageOf(options.lang ?? rootOf(this).opts<CommonOptions>().lang, cli.terminal.env),
      json: options.json === true,
    };
    cli.settings = settings;
    cli.exitCode = await work(createContext(cli, settings), this.args, options);
  });
}

/** Of every command, and of the program itself: it may stand before the command's name. */
export function langOption(): Option {
  return new Option('--lang <language>', 'language of messages (default: by LANG)').choices(['vi', 'en']);
}

const rootOf = (command: Command): Command => (command.parent === null ? command : rootOf(command.parent));

export interface CommonOptions {
  readonly lang?: string;
  readonly json?: boolean;
}

function createContext(cli: Cli, settings: Settings): CommandContext {
  const { terminal } = cli;
  return {
    terminal,
    settings,
    progress: createProgress(terminal, settings.language),
    say: (text) => void (settings.json || terminal.stdout.write(`${sayable(text)}\n`)),
    give(value) {
      if (!settings.json) return;
      cli.gave = true;
      terminal.stdout.write(`${jsonOf(value, terminal.stdout.isTTY === true)}\n`);
    },
  };
}

/** JSON of a result, one line for programs and indented for people: whole numbers beyond 2^53 as text, bytes as base64url. */
export function jsonOf(value: unknown, indented: boolean): string {
  const plain = (_key: string, item: unknown): unknown => {
    if (typeof item === 'bigint') return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
    return item instanceof Uint8Array ? Buffer.from(item).toString('base64url') : item;
  };
  return JSON.stringify(value, plain, indented ? 2 : 0);
}

export interface ProfileOptions extends CommonOptions {
  readonly profile?: string;
}

export const PROFILE_OPTION = ['--profile <dir>', "the agency's profile folder (default: LIENTHONG_PROFILE)"] as const;

export const PURPOSE_OPTION = ['--purpose <code>', "one of the profile's purposes (default: the first)"] as const;

/** The folder of --profile or LIENTHONG_PROFILE. Throws CliProblem PROFILE_NEEDED. */
export function profileFolderOf({ env }: Terminal, options: ProfileOptions): string {
  const folder = options.profile ?? env.LIENTHONG_PROFILE;
  if (folder === undefined || folder === '') throw new CliProblem('PROFILE_NEEDED');
  return folder;
}

/** The profile in that folder. Throws CliProblem PROFILE_NEEDED, KitError. */
export async function profileOf(terminal: Terminal, options: ProfileOptions): Promise<Profile> {
  return loadProfile(profileFolderOf(terminal, options), { env: terminal.env });
}

/** An option that is a whole number within bounds. Throws CliProblem OPTION_WRONG. */
export function wholeNumber(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  // As this program writes thousands in either language, so that what it said can be given back to it.
  const plain = text.replaceAll(/[_,]|\.(?=\d{3}(?!\d))/g, '');
  const value = /^\d{1,12}$/.test(plain) ? Number(plain) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new CliProblem('OPTION_WRONG', { option, wanted: 'wholeNumber', least, most });
  }
  return value;
}

/** The version of this program. */
export async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
