import type { CommandContext, ProfileOptions } from '../cli.ts';
import { YES } from '../commands/job-words.ts';
import { orInterrupted } from '../interrupt.ts';
import { CliProblem, fill } from '../problem.ts';
import { readFirstLine } from '../read-input.ts';
import { OFFICER_WORDS } from './words.ts';

export interface AskedOptions extends ProfileOptions {
  readonly yes?: boolean;
}
export const YES_OPTION = ['--yes', 'does not ask; needed where nobody can be asked'] as const;

/** Before anything is shown. Throws CliProblem CONFIRMATION_NEEDED where nobody can be asked and nobody said yes. */
export function mustBeAskable({ terminal, settings }: CommandContext, { yes }: AskedOptions): void {
  const canAsk = terminal.stdin.isTTY === true && terminal.stderr.isTTY === true && !settings.json;
  if (yes !== true && !canAsk) throw new CliProblem('CONFIRMATION_NEEDED');
}

/** Whether the officer wants what stands on the screen signed; where not, says that nothing was. */
export async function isWanted(context: CommandContext, officer: string, { yes }: AskedOptions): Promise<boolean> {
  if (yes === true) return true;
  const { terminal, settings } = context;
  const words = OFFICER_WORDS[settings.language];
  terminal.stderr.write(fill(words.ask, { officer }));
  const said = await orInterrupted(readFirstLine(terminal.stdin), terminal.signal);
  if (YES.test(said.normalize('NFC'))) return true;
  context.say(words.kept);
  return false;
}
