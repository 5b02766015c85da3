import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import {
  type PausedJob,
  type ReleaseProblem,
  ReleaseRefused,
  readPausedJob,
  releaseJob,
} from '../../agreements/release.ts';
import { parseJobId } from '../../jobs/job-store.ts';
import { readSigningKeyFile } from '../../signing/key-file.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { confirmed, mustBeAskable } from '../confirm.ts';
import { count, percent } from '../numbers.ts';
import { tellTable } from '../officers/words.ts';
import { CliProblem, fill } from '../problem.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';

interface ReleaseOptions extends CommonOptions, DeploymentOptions {
  readonly officer: string;
  readonly key: string;
  readonly yes?: boolean;
}

const WORDS = {
  en: {
    paused: ['Paused job', ''],
    facts: ['agency', 'purpose', 'rows answered', 'rows judged', 'rows that did not match', 'agreed so far'],
    nobody: 'nobody',
    ask: 'Sign as {officer} that it goes on? [y/N] ',
    kept: 'Nothing was signed: the job stays paused.',
    waits: '{officer} agrees that job {job} of {agency} goes on. A second officer has to agree.',
    released: 'Job {job} of {agency} goes on: {signers} agreed. From here its rows are judged by themselves.',
  },
  vi: {
    paused: ['Công việc tạm dừng', ''],
    facts: ['cơ quan', 'mục đích', 'số dòng đã trả lời', 'số dòng đã xét', 'số dòng không khớp', 'đã đồng ý'],
    nobody: 'chưa có ai',
    ask: 'Ký với tư cách {officer} để công việc chạy tiếp? [c/K] ',
    kept: 'Chưa ký gì: công việc vẫn tạm dừng.',
    waits: '{officer} đồng ý cho công việc {job} của {agency} chạy tiếp. Cần thêm một cán bộ nữa đồng ý.',
    released: 'Công việc {job} của {agency} chạy tiếp: {signers} đã đồng ý. Từ đây các dòng được xét riêng.',
  },
} as const;

const PROBLEMS: Readonly<Record<'en' | 'vi', Readonly<Record<ReleaseProblem, string>>>> = {
  en: {
    JOB_UNKNOWN: 'there is no such job',
    JOB_NOT_PAUSED: 'it is not paused',
    JOB_EXPIRED:
      'it was not used for 72 hours, and what it was answered is deleted: the agency is to start another one',
    JOB_CHANGED: 'it is not as it was shown: look again',
    OFFICER_UNKNOWN: 'the key is not one in use of an officer who counts and proposes or approves',
    SIGNED_ALREADY: 'this officer has agreed already, and it takes another one',
    NOT_INDEPENDENT: 'one of the two created or re-keyed the other within 30 days, or neither approves',
  },
  vi: {
    JOB_UNKNOWN: 'không có công việc này',
    JOB_NOT_PAUSED: 'công việc không bị tạm dừng',
    JOB_EXPIRED:
      'công việc không được dùng trong 72 giờ, các kết quả đã trả đã bị xóa: cơ quan cần bắt đầu công việc khác',
    JOB_CHANGED: 'công việc không còn như đã hiển thị: hãy xem lại',
    OFFICER_UNKNOWN: 'khóa không phải khóa đang dùng của cán bộ được tính có vai trò đề xuất hoặc phê duyệt',
    SIGNED_ALREADY: 'cán bộ này đã đồng ý, cần một người khác',
    NOT_INDEPENDENT:
      'một trong hai người đã tạo hoặc cấp khóa cho người kia trong vòng 30 ngày, hoặc không ai có vai trò phê duyệt',
  },
};

/** `release JOB`, of `--data DIR` or `--config FILE` */
export function addReleaseCommand(program: Command, cli: Cli): void {
  const command = program
    .command('release')
    .description(
      'shows a job paused by its misses; one officer agrees that it goes on, and it does when a second one has agreed',
    )
    .argument('<id>', '32 hexadecimal digits')
    .requiredOption('--officer <code>', "the officer's code")
    .requiredOption('--key <file>', "the officer's private key, a JWK file")
    .option('--yes', 'does not ask; needed where nobody can be asked');
  for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  attach<ReleaseOptions>(cli, command, release);
}

async function release(context: CommandContext, [id = '']: readonly string[], options: ReleaseOptions) {
  const { terminal, settings, give, say } = context;
  const words = WORDS[settings.language];
  const jobId = parseJobId(id);
  if (jobId === undefined) throw new CliProblem('OPTION_WRONG', { option: '<id>', wanted: 'jobId' });
  mustBeAskable(context, options);
  const { officer } = options;
  const { key, kid } = await readSigningKeyFile(options.key).catch(() => {
    throw new CliProblem('OPTION_WRONG', { option: '--key', wanted: 'privateJwk' });
  });
  return withDeployment(options, terminal.env, async ({ config, database: { pool } }) => {
    const trust = { deployment: config.deployment.id, pinned: config.officers };
    try {
      const seen = await readPausedJob(pool, trust, jobId);
      showJob(context, seen);
      if (!(await confirmed(context, fill(words.ask, { officer }), options))) {
        say(words.kept);
        return EXIT_CODES.INTERRUPTED;
      }
      const signer = createSigner({ key, kid, issuer: 'gateway' });
      const done = await releaseJob({ pool, trust, jobId, officer, signer, seen, now: Math.floor(Date.now() / 1000) });
      const facts = { job: id, officer, agency: done.agency, signers: done.signers.join(', ') };
      give({ job_id: id, agency: done.agency, officers: done.signers, released: done.released });
      say(fill(done.released ? words.released : words.waits, facts));
      return EXIT_CODES.COMPLETE;
    } catch (error) {
      if (!(error instanceof ReleaseRefused)) throw error;
      throw new CliProblem('RELEASE_REFUSED', { problem: PROBLEMS[settings.language][error.problem] });
    }
  });
}

function showJob(context: CommandContext, { agency, purpose, rows, judged, misses, signers }: PausedJob): void {
  const { language } = context.settings;
  const words = WORDS[language];
  const values = [
    ...[
      agency,
      purpose,
      count(rows, language),
      count(judged, language),
      `${count(misses, language)} (${percent(misses, judged, language)})`,
    ],
    signers.length === 0 ? words.nobody : signers.join(', '),
  ];
  tellTable(
    context,
    words.paused,
    words.facts.map((fact, at) => [fact, values[at] ?? '']),
  );
}
