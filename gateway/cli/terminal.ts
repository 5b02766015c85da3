import type { Readable, Writable } from 'node:stream';
import type { Language } from '../../connectors/kit/messages.ts';

/** Where a command reads and writes, and how it hears that it should end. Nothing here but `main.ts` touches `process`. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly fd?: number };
  /** Results only: what a script reads. */
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Progress, notes and errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C or SIGTERM: the command stops what it started and ends with 130. */
  readonly signal: AbortSignal;
}

/** What every command takes. */
export interface Settings {
  readonly language: Language;
  /** Machine-readable output on standard output, and nothing else there. */
  readonly json: boolean;
}

/** `vi` or `en` as asked for, else by the environment (LC_ALL, LC_MESSAGES, LANG), else English. */
export function languageOf(wanted: string | undefined, env: Terminal['env']): Language {
  if (wanted === 'vi' || wanted === 'en') return wanted;
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^vi([_.@-]|$)/i.test(locale) ? 'vi' : 'en';
}

/** Widest line of a table: that of the terminal, 100 where there is none, and never beyond 120. */
export function widthOf(stream: { readonly columns?: number }): number {
  const columns = stream.columns ?? 0;
  return columns >= 60 ? Math.min(columns, 120) : 100;
}
