import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { CommandContext } from '../cli.ts';
import { explain } from '../explain.ts';
import { fill } from '../problem.ts';
import { type HookEnd, type RunEnd, runOnDone } from './on-done.ts';
import { WORDS } from './telco-words.ts';

export interface Hook {
  /** Every row was answered: told of whatever fails from here on. */
  answered(summary: RunEnd['summary']): void;
  /** Tells the command of --on-done how a run ended; undefined where there is none. */
  tell(end: RunEnd): Promise<HookEnd | undefined>;
}

export interface HookOptions {
  readonly onDone?: string;
  readonly dryRun?: boolean;
}

/**
 * Does the whole of a run, and tells --on-done of every failure, also of what is wrong before anything is read: whoever runs it at
 * night hears of a profile that is gone in no other way. Not of an interruption, for whoever interrupts a run knows that it ended;
 * and not of a dry run, which a person looks at. Nothing is told twice: a run that is complete stays so.
 */
export async function withHook(
  { terminal, settings, progress }: CommandContext,
  { onDone, dryRun }: HookOptions,
  work: (hook: Hook) => Promise<ExitCode>,
): Promise<ExitCode> {
  let told = false;
  let summary: RunEnd['summary'];
  const tell: Hook['tell'] = async (end) => {
    told = true;
    if (onDone === undefined || dryRun === true) return undefined;
    const ended = await runOnDone(onDone, end, terminal);
    if (ended.exitCode !== 0) progress.note(fill(WORDS[settings.language].hookFailed, { code: ended.exitCode ?? '–' }));
    return ended;
  };
  try {
    return await work({ tell, answered: (all) => (summary = all) });
  } catch (error) {
    const { exitCode, reason } = explain(error, 'en');
    if (!told && exitCode !== EXIT_CODES.INTERRUPTED) await tell({ status: 'failed', exitCode, reason, summary });
    throw error;
  }
}
