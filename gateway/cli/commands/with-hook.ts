import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { CommandContext } from '../cli.ts';
import { explain } from '../explain.ts';
import { fill } from '../problem.ts';
import { type HookEnd, type RunEnd, runOnDone } from './on-done.ts';
import { WORDS } from './telco-words.ts';

/** Tells the command of --on-done how a run ended; undefined where there is none. */
export type Hook = (end: RunEnd) => Promise<HookEnd | undefined>;

export interface HookOptions {
  readonly onDone?: string;
  readonly dryRun?: boolean;
}

/**
 * Does the whole of a run, and tells --on-done of every failure, also of what is wrong before anything is read: whoever runs it at
 * night hears of a profile that is gone in no other way. Not of an interruption, for whoever interrupts a run knows that it ended;
 * and not of a dry run, which a person looks at. Nothing is told twice: what was told has more of how far it came.
 */
export async function withHook(
  { terminal, settings, progress }: CommandContext,
  { onDone, dryRun }: HookOptions,
  work: (hook: Hook) => Promise<ExitCode>,
): Promise<ExitCode> {
  let told = false;
  const hook: Hook = async (end) => {
    told = true;
    if (onDone === undefined || dryRun === true) return undefined;
    const ended = await runOnDone(onDone, end, terminal);
    if (ended.exitCode !== 0) progress.note(fill(WORDS[settings.language].hookFailed, { code: ended.exitCode ?? '–' }));
    return ended;
  };
  try {
    return await work(hook);
  } catch (error) {
    const { exitCode, reason } = explain(error, 'en');
    if (!told && exitCode !== EXIT_CODES.INTERRUPTED) await hook({ status: 'failed', exitCode, reason });
    throw error;
  }
}
