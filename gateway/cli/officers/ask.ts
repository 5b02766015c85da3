import type { CommandContext, ProfileOptions } from '../cli.ts';
import { confirmed } from '../confirm.ts';
import { fill } from '../problem.ts';
import { OFFICER_WORDS } from './words.ts';

export interface AskedOptions extends ProfileOptions {
  readonly yes?: boolean;
}
export const YES_OPTION = ['--yes', 'does not ask; needed where nobody can be asked'] as const;

/** Whether the officer wants what stands on the screen signed; where not, says that nothing was. */
export async function isWanted(context: CommandContext, officer: string, options: AskedOptions): Promise<boolean> {
  const words = OFFICER_WORDS[context.settings.language];
  if (await confirmed(context, fill(words.ask, { officer }), options)) return true;
  context.say(words.kept);
  return false;
}
