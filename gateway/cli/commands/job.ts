import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient, type SignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  DateOrder,
  type Job,
  JobSchema,
  VerificationService,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { profileLine } from '../file-words.ts';
import { widthOf } from '../terminal.ts';
import { addJobCancel } from './job-cancel.ts';
import { jobTable, totalsTable } from './job-tables.ts';
import { addJobWatch } from './job-watch.ts';

/** `job list`, `job show ID`, `job watch ID`, `job cancel ID` */
export function addJobCommands(program: Command, cli: Cli): void {
  const job = program.command('job').description("the agency's jobs at the gateway");
  const list = job
    .command('list')
    .description('the jobs, newest first')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, list, (context, _args, options) => withClient(context, options, listJobs));
  const show = job
    .command('show')
    .description('one job with its totals')
    .argument('<id>', '32 hexadecimal digits')
    .option(...PROFILE_OPTION);
  attach<ProfileOptions>(cli, show, (context, [id = ''], options) =>
    withClient(context, options, (client) => showJob(context, client, id)),
  );
  addJobWatch(job, cli);
  addJobCancel(job, cli);

  async function listJobs(client: SignedClient, context: CommandContext): Promise<void> {
    const { message } = await client.unary(
      VerificationService.method.listJobs,
      {},
      { signal: context.terminal.signal },
    );
    context.give(message.jobs.map(jobJson));
    const { language } = context.settings;
    const { stdout } = context.terminal;
    context.say(message.jobs.length === 0 ? NONE[language] : jobTable(message.jobs, language, widthOf(stdout)));
  }
}

async function withClient(
  context: CommandContext,
  options: ProfileOptions,
  work: (client: SignedClient, context: CommandContext) => Promise<void>,
) {
  const client = createSignedClient(await profileOf(context.terminal, options));
  try {
    await work(client, context);
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

async function showJob(context: CommandContext, client: SignedClient, jobId: string): Promise<void> {
  const { message } = await client.unary(
    VerificationService.method.getJob,
    { jobId },
    { signal: context.terminal.signal },
  );
  if (message.job === undefined) return;
  context.give(jobJson(message.job));
  const { language } = context.settings;
  const width = widthOf(context.terminal.stdout);
  context.say(jobTable([message.job], language, width));
  context.say(totalsTable(message.job, language, width));
  const file = fileLine(message.job, language);
  if (file !== '') context.say(file);
}

const jobJson = (job: Job) => toJson(JobSchema, job, { useProtoFieldName: true });

const NONE = { en: 'No jobs yet.', vi: 'Chưa có công việc nào.' } as const;

/** How the job's file was read; empty where the client did not say. */
function fileLine({ fileProfile }: Job, language: Language): string {
  if (fileProfile === undefined) return '';
  const dateOrder = fileProfile.dateOrder === DateOrder.MONTH_FIRST ? 'month-first' : 'day-first';
  return profileLine({ ...fileProfile, dateOrder }, language);
}
