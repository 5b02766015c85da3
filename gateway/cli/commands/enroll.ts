import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { proveKey } from '../../acts/possession.ts';
import { writeSigningKeyFile } from '../../signing/key-file.ts';
import { generateSigningJwk, loadSigningKey } from '../../signing/key-store.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { makeCertificateRequest } from '../officers/certificate-request.ts';
import type { EnrolmentRequest } from '../officers/request-file.ts';
import { CliProblem, fill } from '../problem.ts';
import { addEnrollFinish } from './enroll-finish.ts';

interface EnrollOptions extends CommonOptions {
  readonly agency?: string;
  readonly officer?: string;
  readonly issuer?: string;
  readonly deployment: string;
  readonly legalEntity?: string;
  readonly nameVi?: string;
  readonly nameEn?: string;
  readonly out: string;
}

const WORDS = {
  en: {
    done: 'Keys made in {out}; they never leave it.\nHand over: {request}\nThumbprint of the signing key, to be read out to the operator: {kid}\nThe certificate that comes back goes to {certificate}',
  },
  vi: {
    done: 'Đã tạo khóa trong {out}; khóa không rời khỏi đó.\nGiao nộp: {request}\nDấu vân tay của khóa ký, đọc cho đơn vị vận hành: {kid}\nChứng thư nhận về đặt tại {certificate}',
  },
} as const;

/** `enroll request`, `enroll finish` */
export function addEnrollCommand(program: Command, cli: Cli): void {
  const enroll = program.command('enroll').description('becoming known to a gateway');
  addEnrollFinish(enroll, cli);
  const request = enroll
    .command('request')
    .description('makes the keys here, and a request that proves they are held; nothing secret is in it')
    .option('--agency <code>', "the agency's code")
    .option('--officer <code>', "or the officer's code, for an officer of the register")
    .option('--issuer <code>', "or an issuer's code: who signs on behalf of people, for example consents")
    .requiredOption('--deployment <id>', "the gateway's deployment id")
    .option('--legal-entity <number>', "number of the agency's legal entity")
    .option('--name-vi <name>', "the agency's name in Vietnamese")
    .option('--name-en <name>', "the agency's name in English")
    .requiredOption('--out <dir>', 'folder for keys and request; made when missing');
  attach<EnrollOptions>(cli, request, makeRequest);
}

const CODE = /^(?!(?:gateway|operator)$)[a-z0-9][a-z0-9-]{0,31}$/;

async function makeRequest(context: CommandContext, _args: readonly string[], options: EnrollOptions) {
  const { officer, deployment, out, legalEntity = '', nameVi = '', nameEn = '' } = options;
  const given = (['agency', 'officer', 'issuer'] as const).filter((kind) => options[kind] !== undefined);
  const [of] = given;
  const holder = of === undefined ? '' : (options[of] ?? '');
  if (of === undefined || given.length > 1 || !CODE.test(holder)) {
    throw new CliProblem('OPTION_WRONG', { option: '--agency or --officer or --issuer', wanted: 'one code' });
  }
  if (officer === undefined && (!/^[A-Za-z0-9-]{1,64}$/.test(legalEntity) || nameVi === '' || nameEn === '')) {
    throw new CliProblem('OPTION_WRONG', { option: '--legal-entity, --name-vi, --name-en', wanted: 'given' });
  }
  await mkdir(out, { recursive: true, mode: 0o700 });
  const files = {
    key: join(out, 'key.pem'),
    signing: join(out, 'signing.jwk.json'),
    request: join(out, 'request.json'),
    certificate: join(out, 'cert.pem'),
  };
  // A key that may be in use is never replaced: another request goes to another folder.
  for (const file of [files.key, files.signing]) if (await exists(file)) throw new CliProblem('KEYS_THERE', { file });
  const jwk = await generateSigningJwk();
  const { key, kid, publicJwk } = loadSigningKey(jwk);
  const { csr, privateKey } = await makeCertificateRequest(holder);
  const proof = proveKey(
    createSigner({ key, kid, issuer: holder }),
    { deployment, of, holder, key: publicJwk },
    Math.floor(Date.now() / 1000),
  );
  const request: EnrolmentRequest = {
    ...{ version: 1, deployment, of, holder, csr, key: publicJwk, proof },
    ...{ legal_entity: legalEntity, name_vi: nameVi, name_en: nameEn },
  };
  await writeFile(files.key, privateKey, { flag: 'wx', mode: 0o600 });
  await writeSigningKeyFile(files.signing, jwk);
  await writeFile(files.request, `${JSON.stringify(request, null, 2)}\n`);
  context.give({ holder, kid, request: files.request, certificate: files.certificate });
  const facts = { out, request: files.request, kid, certificate: files.certificate };
  context.say(fill(WORDS[context.settings.language].done, facts));
  return EXIT_CODES.COMPLETE;
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
