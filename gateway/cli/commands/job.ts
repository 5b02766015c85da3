import { toJson } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { createSignedClient, type SignedClient } from '../../../connectors/kit/client.ts';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import {
  DateOrder,
  type Job,
  JobSchema,
  JobState,
  Verdict,
  VerificationService,
} from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { attach, type Cli, type CommandContext, PROFILE_OPTION, type ProfileOptions, profileOf } from '../cli.ts';
import { profileLine } from '../file-words.ts';
import { count, percent, table } from '../layout.ts';
import { localMinute } from '../local-time.ts';
import { widthOf } from '../terminal.ts';

/** `job list`, `job show ID` */
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

  async function listJobs(client: SignedClient, context: CommandContext): Promise<void> {
    const { message } = await client.unary(
      VerificationService.method.listJobs,
      {},
      { signal: context.terminal.signal },
    );
    context.give(message.jobs.map(jobJson));
    const { language } = context.settings;
    const { stdout } = context.terminal;
    context.say(message.jobs.length === 0 ? WORDS[language].none : jobTable(message.jobs, language, widthOf(stdout)));
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

const WORDS = {
  en: {
    none: 'No jobs yet.',
    job: 'Job',
    state: 'State',
    rows: 'Rows',
    opened: 'Opened (+07:00)',
    used: 'Last used (+07:00)',
    verdict: 'Verdict',
    share: 'Share',
  },
  vi: {
    none: 'Chưa có công việc nào.',
    job: 'Công việc',
    state: 'Trạng thái',
    rows: 'Số dòng',
    opened: 'Mở lúc (+07:00)',
    used: 'Dùng lần cuối (+07:00)',
    verdict: 'Kết luận',
    share: 'Tỷ lệ',
  },
} as const;

export function jobTable(jobs: readonly Job[], language: Language, width: number): string {
  const words = WORDS[language];
  const columns = [
    { title: words.job },
    { title: words.state },
    { title: words.rows, align: 'right' as const },
    { title: words.opened },
    { title: words.used },
  ];
  const rows = jobs.map(({ jobId, state, rows: answered, startedAt, activeAt }) => [
    jobId,
    JobState[state],
    count(Number(answered)),
    localMinute(Number(startedAt)),
    localMinute(Number(activeAt)),
  ]);
  return table(columns, rows, width);
}

function totalsTable({ totals, rows }: Job, language: Language, width: number): string {
  const words = WORDS[language];
  const columns = [
    { title: words.verdict },
    { title: words.rows, align: 'right' as const },
    { title: words.share, align: 'right' as const },
  ];
  const lines = totals.map((total) => [
    Verdict[total.verdict],
    count(Number(total.rows)),
    percent(Number(total.rows), Number(rows)),
  ]);
  return table(columns, lines, width);
}

/** How the job's file was read; empty where the client did not say. */
function fileLine({ fileProfile }: Job, language: Language): string {
  if (fileProfile === undefined) return '';
  const dateOrder = fileProfile.dateOrder === DateOrder.MONTH_FIRST ? 'month-first' : 'day-first';
  return profileLine({ ...fileProfile, dateOrder }, language);
}
