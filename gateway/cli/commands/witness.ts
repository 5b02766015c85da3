import type { Command } from 'commander';
import { createSignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { KitError } from '../../../connectors/kit/kit-error.ts';
import { GatewayError } from '../../../connectors/kit/refusal.ts';
import { pause } from '../../../connectors/kit/retry.ts';
import type { CosignedHead } from '../../../connectors/kit/witness.ts';
import {
  attach,
  type Cli,
  type CommandContext,
  jsonOf,
  PROFILE_OPTION,
  type ProfileOptions,
  profileOf,
  wholeNumber,
} from '../cli.ts';
import { explain } from '../explain.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { sayable } from '../sayable.ts';

interface WitnessOptions extends ProfileOptions {
  readonly every?: string;
  readonly once?: boolean;
}

/** `witness` */
export function addWitnessCommand(program: Command, cli: Cli): void {
  const command = program
    .command('witness')
    .description(
      "watches the gateway's log for whoever trusts you: cosigns each head that continues all that you saw, and refuses loudly any other",
    )
    .option('--every <seconds>', 'between two looks (default: 10)')
    .option('--once', 'looks once and ends')
    .option(...PROFILE_OPTION);
  attach<WitnessOptions>(cli, command, watchLog);
}

const USUAL_EVERY = 10;
const AN_HOUR = 3600;

/**
 * Ends by itself only with --once, or where the log is not the one seen before: then with the code of a profile that cannot be
 * used, and both heads in the profile's state folder. A gateway that is away is told of once, and looked for again.
 */
async function watchLog(context: CommandContext, _args: readonly string[], options: WitnessOptions): Promise<ExitCode> {
  const { terminal } = context;
  const { signal } = terminal;
  const every = wholeNumber('--every', options.every, 1, AN_HOUR) ?? USUAL_EVERY;
  const profile = await profileOf(terminal, options);
  const client = createSignedClient(profile);
  let away = false;
  try {
    for (;;) {
      try {
        tell(context, profile.logOrigin, await client.witness.cosign());
        away = false;
      } catch (error) {
        if (options.once === true || !(error instanceof GatewayError) || !error.passing) throw error;
        if (!away) terminal.stderr.write(`${sayable(explain(error, context.settings.language).happened)}\n`);
        away = true;
      }
      if (options.once === true) return EXIT_CODES.COMPLETE;
      await pause(every * 1000, signal);
    }
  } catch (error) {
    // What was signed stands; there is nothing to go on with.
    if (error instanceof KitError && error.reason === 'INTERRUPTED') return EXIT_CODES.COMPLETE;
    throw error;
  } finally {
    client.close();
  }
}

function tell(context: CommandContext, origin: string, head: CosignedHead | undefined): void {
  const { terminal, settings } = context;
  const at = Math.floor(Date.now() / 1000);
  if (settings.json) {
    const told = head === undefined ? { cosigned: false } : { cosigned: true, ...head };
    terminal.stdout.write(`${jsonOf({ origin, at, ...told }, false)}\n`);
    return;
  }
  const { language } = settings;
  const words = WORDS[language];
  const time = localTime(at);
  if (head === undefined) {
    context.say(fill(words.nothing, { time }));
    return;
  }
  const { witnesses, needed } = head;
  const sentence = head.fresh ? words.cosigned : words.again;
  context.say(fill(sentence, { time, size: count(head.size, language), witnesses, needed }));
}

const WORDS = {
  en: {
    cosigned:
      '{time}  ✓ {size} entries: the log continues what was seen, and the head is cosigned ({witnesses} of {needed} witnesses)',
    again: '{time}  ✓ {size} entries: still this head, cosigned before ({witnesses} of {needed} witnesses)',
    nothing: '{time}  ✓ the log continues what was seen; no head is offered for cosigning',
  },
  vi: {
    cosigned:
      '{time}  ✓ {size} bản ghi: nhật ký nối tiếp phần đã thấy, đã ký chứng kiến mốc ({witnesses} trên {needed} bên chứng kiến)',
    again: '{time}  ✓ {size} bản ghi: vẫn là mốc đã ký trước đó ({witnesses} trên {needed} bên chứng kiến)',
    nothing: '{time}  ✓ nhật ký nối tiếp phần đã thấy; không có mốc nào cần ký chứng kiến',
  },
} as const;
