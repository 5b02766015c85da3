import type { Command } from 'commander';
import { createSignedClient, type SignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { purposeOf } from '../../../connectors/kit/profile.ts';
import {
  type Job,
  JobState,
  VerificationService,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import {
  attach,
  type Cli,
  type CommandContext,
  PROFILE_OPTION,
  type ProfileOptions,
  PURPOSE_OPTION,
  profileOf,
} from '../cli.ts';
import { confirmed, mustBeAskable } from '../confirm.ts';
import { count } from '../numbers.ts';
import { fill } from '../problem.ts';
import { widthOf } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { jobJson } from './job-tables.ts';
import { CANCEL_WORDS } from './job-words.ts';

interface CancelOptions extends ProfileOptions {
  readonly yes?: boolean;
  readonly purpose?: string;
}

/** The job, and the purpose that it is asked about for. */
interface Asked {
  readonly context: { readonly purpose: string };
  readonly jobId: string;
}

/** `job cancel ID` */
export function addJobCancel(group: Command, cli: Cli): void {
  const cancel = group
    .command('cancel')
    .description('ends a job without a receipt; what was answered stays signed and in the log')
    .argument('<id>', '32 hexadecimal digits')
    .option('--yes', 'does not ask; needed where nobody can be asked')
    .option(...PURPOSE_OPTION)
    .option(...PROFILE_OPTION);
  attach<CancelOptions>(cli, cancel, cancelJob);
}

async function cancelJob(context: CommandContext, [jobId = '']: readonly string[], options: CancelOptions) {
  const { terminal, settings } = context;
  const { language } = settings;
  const words = CANCEL_WORDS[language];
  const { signal } = terminal;
  mustBeAskable(context, options);
  const profile = await profileOf(terminal, options);
  const asked = { context: { purpose: purposeOf(profile, options.purpose) }, jobId };
  const client = createSignedClient(profile);
  try {
    const { cancelJob: method } = VerificationService.method;
    const before = await currentJob(client, asked, signal);
    // What cannot be cancelled any more is refused by the gateway, with its reason: nobody is asked about it.
    const open = before !== undefined && CAN_END.has(before.state);
    if (open && !(await confirmed(context, questionOf(before, language), options))) {
      context.say(words.kept);
      return EXIT_CODES.INTERRUPTED;
    }
    const { message } = await client.unary(method, asked, { signal });
    const job = message.job ?? before;
    if (job === undefined) return EXIT_CODES.COMPLETE;
    context.give(jobJson(job));
    const facts = { job: job.jobId, rows: count(Number(job.rows), language) };
    const width = widthOf(terminal.stdout);
    context.say(fill(words.done, facts));
    for (const line of words.stays) context.say(wrap(fill(line, facts), width).join('\n'));
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

const CAN_END: ReadonlySet<JobState> = new Set([JobState.OPEN, JobState.PAUSED, JobState.CLOSING]);

async function currentJob(client: SignedClient, asked: Asked, signal: AbortSignal): Promise<Job | undefined> {
  const { message } = await client.unary(VerificationService.method.getJob, asked, { signal });
  return message.job;
}

function questionOf({ jobId, state, rows }: Job, language: Language): string {
  return fill(CANCEL_WORDS[language].ask, { job: jobId, state: JobState[state], rows: count(Number(rows), language) });
}
