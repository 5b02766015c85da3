import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { type ReleaseProblem, ReleaseRefused, releaseJob } from '../../agreements/release.ts';
import { parseJobId } from '../../jobs/job-store.ts';
import { readSigningKeyFile } from '../../signing/key-file.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { CliProblem, fill } from '../problem.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';

interface ReleaseOptions extends CommonOptions, DeploymentOptions {
  readonly officer: string;
  readonly key: string;
}

const WORDS = {
  en: {
    waits: '{officer} agrees that job {job} of {agency} goes on. A second officer has to agree.',
    released: 'Job {job} of {agency} goes on: {signers} agreed. From here its rows are judged by themselves.',
  },
  vi: {
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
    OFFICER_UNKNOWN: 'the key is not one in use of an officer who counts and proposes or approves',
    SIGNED_ALREADY: 'this officer has agreed already, and it takes another one',
    NOT_INDEPENDENT: 'one of the two created or re-keyed the other within 30 days, or neither approves',
  },
  vi: {
    JOB_UNKNOWN: 'không có công việc này',
    JOB_NOT_PAUSED: 'công việc không bị tạm dừng',
    JOB_EXPIRED:
      'công việc không được dùng trong 72 giờ, các kết quả đã trả đã bị xóa: cơ quan cần bắt đầu công việc khác',
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
    .description('one officer agrees that a job paused by its misses goes on; it does when a second one has agreed')
    .argument('<id>', '32 hexadecimal digits')
    .requiredOption('--officer <code>', "the officer's code")
    .requiredOption('--key <file>', "the officer's private key, a JWK file");
  for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  attach<ReleaseOptions>(cli, command, release);
}

async function release(
  { terminal, settings, give, say }: CommandContext,
  [id = '']: readonly string[],
  options: ReleaseOptions,
): Promise<ExitCode> {
  const jobId = parseJobId(id);
  if (jobId === undefined) throw new CliProblem('OPTION_WRONG', { option: 'the id', wanted: '32 hexadecimal digits' });
  const { key, kid } = await readSigningKeyFile(options.key).catch(() => {
    throw new CliProblem('OPTION_WRONG', { option: '--key', wanted: 'a private JWK that only its owner may read' });
  });
  return withDeployment(options, terminal.env, async ({ config, database }) => {
    try {
      const done = await releaseJob({
        pool: database.pool,
        trust: { deployment: config.deployment.id, pinned: config.officers },
        jobId,
        officer: options.officer,
        signer: createSigner({ key, kid, issuer: 'gateway' }),
        now: Math.floor(Date.now() / 1000),
      });
      const facts = { job: id, officer: options.officer, agency: done.agency, signers: done.signers.join(', ') };
      give({ job_id: id, agency: done.agency, officers: done.signers, released: done.released });
      say(fill(WORDS[settings.language][done.released ? 'released' : 'waits'], facts));
      return EXIT_CODES.COMPLETE;
    } catch (error) {
      if (!(error instanceof ReleaseRefused)) throw error;
      throw new CliProblem('RELEASE_REFUSED', { problem: PROBLEMS[settings.language][error.problem] });
    }
  });
}
