/** What one officer may do alone: shown and asked about before it is signed, or put before a second officer. */
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import type { Act } from '../../acts/act.ts';
import type { CommandContext } from '../cli.ts';
import { mustBeAskable } from '../confirm.ts';
import { type AskedOptions, isWanted, YES_OPTION } from './ask.ts';
import { newAct, type OfficerDesk, proposeBody, revokeBody, type Without, withOfficer } from './desk.ts';
import { showBody } from './show-body.ts';
import { OFFICER_WORDS, tellProposal } from './words.ts';

export interface AloneOptions extends AskedOptions {
  readonly propose?: boolean;
}
export const ALONE_OPTIONS = [
  ['--propose', 'puts it before another officer; beyond five an hour it takes one'],
  YES_OPTION,
] as const;

/** The act, and lines about what it would do. */
export interface AloneAct {
  readonly own: Without<Act>;
  readonly notes?: readonly string[];
}

/** Throws CliProblem CONFIRMATION_NEEDED, and as `withOfficer`. */
export async function actAlone(
  context: CommandContext,
  options: AloneOptions,
  actFor: (desk: OfficerDesk) => Promise<AloneAct>,
): Promise<ExitCode> {
  const proposes = options.propose === true;
  if (!proposes) mustBeAskable(context, options);
  return withOfficer(context, options, async (desk) => {
    const { own, notes = [] } = await actFor(desk);
    const body = newAct(desk, own);
    showBody(context, body, new Uint8Array(0));
    for (const note of notes) context.say(note);
    // A lowered limit ends with the agreement's version; everything else that one does alone stays.
    if (own.kind !== 'limit.lower') context.say(OFFICER_WORDS[context.settings.language].forGood);
    if (proposes) {
      tellProposal(context, await proposeBody(desk, body), 'proposed');
      return undefined;
    }
    if (!(await isWanted(context, desk.officer, options))) return EXIT_CODES.INTERRUPTED;
    tellProposal(context, await revokeBody(desk, body), 'revoked');
    return undefined;
  });
}
