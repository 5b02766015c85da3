/** A question before what cannot be taken back. */
import type { CommandContext } from './cli.ts';
import { orInterrupted } from './interrupt.ts';
import { CliProblem } from './problem.ts';
import { readFirstLine } from './read-input.ts';

/** What says yes; anything else is no. */
export const YES = /^\s*(?:y|yes|c|co|có)\s*$/iu;

/** Before anything is shown. Throws CliProblem CONFIRMATION_NEEDED where nobody can be asked and nobody said yes. */
export function mustBeAskable(
  { terminal, settings }: Pick<CommandContext, 'terminal' | 'settings'>,
  { yes }: { readonly yes?: boolean },
): void {
  const canAsk = terminal.stdin.isTTY === true && terminal.stderr.isTTY === true && !settings.json;
  if (yes !== true && !canAsk) throw new CliProblem('CONFIRMATION_NEEDED');
}

/** Whether the person at the terminal says yes; true without asking where the options say so. Throws where they press Ctrl-C. */
export async function confirmed(
  { terminal }: Pick<CommandContext, 'terminal'>,
  question: string,
  { yes }: { readonly yes?: boolean },
): Promise<boolean> {
  if (yes === true) return true;
  terminal.stderr.write(question);
  const said = await orInterrupted(readFirstLine(terminal.stdin), terminal.signal);
  return YES.test(said.normalize('NFC'));
}
