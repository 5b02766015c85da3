import type { Command } from 'commander';
import { createSignedClient, type SignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { purposeOf } from '../../../connectors/kit/profile.ts';
import {
  DateOrder,
  type Job,
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
import { profileLine } from '../file-words.ts';
import { widthOf } from '../terminal.ts';
import { addJobCancel } from './job-cancel.ts';
import { jobJson, jobTable, totalsTable } from './job-tables.ts';
import { addJobWatch } from './job-watch.ts';

interface JobOptions extends ProfileOptions {
  readonly purpose?: string;
}

/** What a question about jobs is asked with: the client, and the purpose that it is asked for. */
interface Asking {
  readonly client: SignedClient;
  readonly purpose: string;
}

/** Most jobs that the gateway tells at once: each page is a call of its own, and an entry in the log. */
const PAGE_SIZE = 200;

/** `job list`, `job show ID`, `job watch ID`, `job cancel ID` */
export function addJobCommands(program: Command, cli: Cli): void {
  const job = program.command('job').description("the agency's jobs at the gateway");
  const list = job
    .command('list')
    .description('the jobs, newest first')
    .option(...PURPOSE_OPTION)
    .option(...PROFILE_OPTION);
  attach<JobOptions>(cli, list, (context, _args, options) => withClient(context, options, listJobs));
  const show = job
    .command('show')
    .description('one job with its totals')
    .argument('<id>', '32 hexadecimal digits')
    .option(...PURPOSE_OPTION)
    .option(...PROFILE_OPTION);
  attach<JobOptions>(cli, show, (context, [id = ''], options) =>
    withClient(context, options, (asking) => showJob(context, asking, id)),
  );
  addJobWatch(job, cli);
  addJobCancel(job, cli);

  async function listJobs(asking: Asking, context: CommandContext): Promise<void> {
    const jobs = await allJobs(asking, context.terminal.signal);
    context.give(jobs.map(jobJson));
    const { language } = context.settings;
    context.say(jobs.length === 0 ? NONE[language] : jobTable(jobs, language, widthOf(context.terminal.stdout)));
  }
}

async function withClient(
  context: CommandContext,
  options: JobOptions,
  work: (asking: Asking, context: CommandContext) => Promise<void>,
) {
  const profile = await profileOf(context.terminal, options);
  const purpose = purposeOf(profile, options.purpose);
  const client = createSignedClient(profile);
  try {
    await work({ client, purpose }, context);
    return EXIT_CODES.COMPLETE;
  } finally {
    client.close();
  }
}

async function allJobs({ client, purpose }: Asking, signal: AbortSignal): Promise<Job[]> {
  const jobs: Job[] = [];
  let pageToken = '';
  do {
    const request = { context: { purpose }, pageSize: PAGE_SIZE, pageToken };
    const { message } = await client.unary(VerificationService.method.listJobs, request, { signal });
    jobs.push(...message.jobs);
    pageToken = message.nextPageToken;
  } while (pageToken !== '');
  return jobs;
}

async function showJob(context: CommandContext, { client, purpose }: Asking, jobId: string): Promise<void> {
  const { message } = await client.unary(
    VerificationService.method.getJob,
    { context: { purpose }, jobId },
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

const NONE = { en: 'No jobs yet.', vi: 'Chưa có công việc nào.' } as const;

/** How the job's file was read; empty where the client did not say. */
function fileLine({ fileProfile }: Job, language: Language): string {
  if (fileProfile === undefined) return '';
  const dateOrder = fileProfile.dateOrder === DateOrder.MONTH_FIRST ? 'month-first' : 'day-first';
  return profileLine({ ...fileProfile, dateOrder }, language);
}
