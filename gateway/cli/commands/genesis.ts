import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from '../../../connectors/kit/exit-codes.ts';
import { OFFICER_ISSUER } from '../../acts/book.ts';
import { isIssuedBy } from '../../acts/certificate.ts';
import { isOfficersNumber, personMark } from '../../acts/person-mark.ts';
import { readBook } from '../../acts/read-acts.ts';
import { type FirstOfficer, GenesisRefused, storeGenesis } from '../../admin/genesis.ts';
import { recordCeremony } from '../../audit/operator-entry.ts';
import { stampDeployment } from '../../config/deployment-stamp.ts';
import type { GatewayConfig } from '../../config/read-config.ts';
import { keepStorageCheck } from '../../config/storage-check.ts';
import { readSigningKeyFile } from '../../signing/key-file.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { readCertificateOf, readRequest } from '../officers/request-file.ts';
import { CliProblem, fill } from '../problem.ts';
import { readText } from '../read-input.ts';
import { holdHead, keepHeadCommand } from '../stack/log-heads.ts';
import { DEPLOYMENT_OPTIONS, type DeploymentOptions, withDeployment } from '../stack/open-deployment.ts';

interface GenesisOptions extends CommonOptions, DeploymentOptions {
  readonly officer: readonly string[];
  readonly legalEntity: string;
  readonly nameVi: string;
  readonly nameEn: string;
}

const WORDS = {
  en: {
    done: 'The first two officers are {officers}. Their ceremony stands in the log.\nAct: {digest}\nEverything else takes two. Once a gateway runs, each makes their folder a profile: lienthong enroll finish DIR --address HOST:PORT --ca FILE --root FILE\nThen have two more officers made before anything else, so that one lost key stops nothing: lienthong officer create',
  },
  vi: {
    done: 'Hai cán bộ đầu tiên là {officers}. Nghi thức đã được ghi vào nhật ký.\nVăn bản: {digest}\nTừ đây mọi việc đều cần hai người. Khi cổng đã chạy, mỗi người hoàn tất hồ sơ từ thư mục của mình: lienthong enroll finish DIR --address HOST:PORT --ca FILE --root FILE\nSau đó trước hết hãy tạo thêm hai cán bộ, để mất một khóa không làm đình trệ mọi việc: lienthong officer create',
  },
} as const;

/** `genesis`, of `--data DIR` or `--config FILE` */
export function addGenesisCommand(program: Command, cli: Cli): void {
  const command = program
    .command('genesis')
    .description('the ceremony that makes the first two officers; both are there, and both sign')
    .requiredOption('--officer <dir...>', 'folder of "enroll request" with cert.pem beside; twice')
    .requiredOption('--legal-entity <number>', "number of the operator's legal entity")
    .requiredOption('--name-vi <name>', "the operator's name in Vietnamese")
    .requiredOption('--name-en <name>', "the operator's name in English");
  for (const [flags, text] of DEPLOYMENT_OPTIONS) command.option(flags, text);
  attach<GenesisOptions>(cli, command, holdCeremony);
}

async function holdCeremony(
  context: CommandContext,
  _args: readonly string[],
  options: GenesisOptions,
): Promise<ExitCode> {
  const { terminal, settings } = context;
  if (options.officer.length !== 2) throw new CliProblem('GENESIS_TWO');
  return withDeployment(options, terminal.env, async ({ config, database }) => {
    const { pool } = database;
    const { deployment, log } = config;
    const trust = { deployment: deployment.id, pinned: config.officers };
    if ((await readBook(pool, trust)).operator !== undefined) throw new CliProblem('GENESIS_HELD');
    // One ID a line, in the order of the folders: they stay out of the shell's history.
    const ids = (await readText(terminal.stdin)).split('\n').map((line) => line.trim());
    const officers = [];
    for (const [at, folder] of options.officer.entries())
      officers.push(await readOfficer(config, folder, { line: at + 1, personalId: ids[at] ?? '' }));
    const own = new Set(officers.flatMap(({ code, person }) => [code, person]));
    if (own.size !== 4) throw new CliProblem('GENESIS_TWO');
    await stampDeployment(pool, deployment);
    await keepStorageCheck(pool, config.keys);
    const heads = await holdHead(log, pool, keepHeadCommand(options));
    const operator = { legal_entity: options.legalEntity, name_vi: options.nameVi, name_en: options.nameEn };
    const genesis = { deployment: deployment.id, operator, officers };
    const digest = await storeGenesis(pool, genesis, (act) =>
      recordCeremony(pool, Buffer.from(act, 'base64url')),
    ).catch((error: unknown) => {
      if (!(error instanceof GenesisRefused)) throw error;
      throw new CliProblem('GENESIS_UNCOUNTED', { problem: error.problem });
    });
    await heads.keep();
    const codes = officers.map(({ code }) => code);
    context.give({ officers: codes, act: digest });
    context.say(fill(WORDS[settings.language].done, { officers: codes.join(', '), digest }));
    return EXIT_CODES.COMPLETE;
  });
}

async function readOfficer(config: GatewayConfig, folder: string, read: TypedId): Promise<FirstOfficer> {
  const { holder: code, key, deployment: found } = await readRequest(join(folder, 'request.json'), 'officer');
  const { id: deployment, kind } = config.deployment;
  if (found !== deployment) throw new CliProblem('GENESIS_DEPLOYMENT', { folder, found, deployment });
  const certificate = await readCertificateOf(join(folder, 'cert.pem'), code);
  if (!isIssuedBy(certificate, config.tls.ca)) throw new CliProblem('GENESIS_AUTHORITY', { folder });
  const signing = await readSigningKeyFile(join(folder, 'signing.jwk.json'));
  const { kid } = signing;
  if (signing.publicJwk.x !== key.x || signing.publicJwk.y !== key.y) throw new CliProblem('GENESIS_KEY', { folder });
  if (config.officers?.has(kid) === false) throw new CliProblem('GENESIS_KEY_UNNAMED', { officer: code, kid });
  const wrong = wrongId(read, kind);
  if (wrong !== undefined) throw new CliProblem(wrong, { line: read.line, officer: code });
  const person = personMark(config.keys.pseudonym, read.personalId);
  const signer = createSigner({ key: signing.key, kid, issuer: OFFICER_ISSUER });
  return { code, person, key, certificate, signer };
}

interface TypedId {
  /** On standard input, from 1. */
  readonly line: number;
  readonly personalId: string;
}

/** What is wrong with a number, in words that do not hold it. */
function wrongId({ personalId }: TypedId, kind: 'development' | 'production') {
  if (personalId === '') return 'GENESIS_ID_MISSING';
  if (!/^\d{12}$/.test(personalId)) return 'GENESIS_ID_FORM';
  if (isOfficersNumber(personalId, kind)) return undefined;
  return kind === 'production' ? 'GENESIS_ID_INVENTED' : 'GENESIS_ID_REAL';
}
