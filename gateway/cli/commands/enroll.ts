import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { proveKey } from '../../acts/possession.ts';
import { generateEncryptionJwk, loadDecryptionKey } from '../../signing/encryption-key.ts';
import { writeKeyFile } from '../../signing/key-file.ts';
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

interface EncryptionOptions extends CommonOptions {
  readonly agency: string;
  readonly deployment: string;
  readonly out: string;
}

const WORDS = {
  en: {
    encryption:
      'Key made: {file}. It never leaves this machine.\nName it in "encryption_keys" of the profile\'s config.json, beside the earlier ones, before anything else.\nThen hand over: {request}\nThumbprint, to be read out to the operator: {kid}',
    encryptionKid: 'Thumbprint of the key that answers are encrypted to, to be read out as well: {kid}',
    done: 'Keys made in {out}; they never leave it.\nHand over: {request}, and to the authority {csr}\nThumbprint of the signing key, to be read out to the operator: {kid}\nThe certificate that comes back goes to {certificate}',
  },
  vi: {
    encryption:
      'Đã tạo khóa: {file}. Khóa không rời khỏi máy này.\nTrước hết, thêm tệp này vào "encryption_keys" trong config.json của hồ sơ, giữ nguyên các khóa cũ.\nSau đó giao nộp: {request}\nDấu vân tay của khóa, đọc cho đơn vị vận hành: {kid}',
    encryptionKid: 'Dấu vân tay của khóa nhận câu trả lời mã hóa, cũng đọc cho đơn vị vận hành: {kid}',
    done: 'Đã tạo khóa trong {out}; khóa không rời khỏi đó.\nGiao nộp: {request}, và {csr} cho nơi cấp chứng thư\nDấu vân tay của khóa ký, đọc cho đơn vị vận hành: {kid}\nChứng thư nhận về đặt tại {certificate}',
  },
} as const;

/** `enroll request|encryption-key|finish` */
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
  const encryption = enroll
    .command('encryption-key')
    .description('makes a further key that answers are encrypted to, and a request that proves it is held')
    .requiredOption('--agency <code>', "the agency's code")
    .requiredOption('--deployment <id>', "the gateway's deployment id")
    .requiredOption('--out <dir>', 'folder for keys and request; made when missing');
  attach<EncryptionOptions>(cli, encryption, makeEncryptionKey);
}

const CODE = /^(?!(?:gateway|operator)$)[a-z0-9][a-z0-9-]{0,31}$/;

async function makeRequest(context: CommandContext, _args: readonly string[], options: EnrollOptions) {
  const { officer, deployment, out, legalEntity = '', nameVi = '', nameEn = '' } = options;
  const given = (['agency', 'officer', 'issuer'] as const).filter((kind) => options[kind] !== undefined);
  const [of] = given;
  const holder = of === undefined ? '' : (options[of] ?? '');
  if (of === undefined || given.length > 1 || !CODE.test(holder)) {
    throw new CliProblem('OPTION_WRONG', { option: '--agency, --officer, --issuer', wanted: 'givenOneCode' });
  }
  if (officer === undefined && (!/^[A-Za-z0-9-]{1,64}$/.test(legalEntity) || nameVi === '' || nameEn === '')) {
    throw new CliProblem('OPTION_WRONG', { option: '--legal-entity, --name-vi, --name-en', wanted: 'given' });
  }
  await mkdir(out, { recursive: true, mode: 0o700 });
  const files = {
    key: join(out, 'key.pem'),
    signing: join(out, 'signing.jwk.json'),
    encryption: join(out, ENCRYPTION_FILE),
    request: join(out, 'request.json'),
    csr: join(out, 'request.csr'),
    certificate: join(out, 'cert.pem'),
  };
  await mustBeFree(files.key, files.signing, files.encryption);
  const jwk = await generateSigningJwk();
  const { key, kid, publicJwk } = loadSigningKey(jwk);
  const { csr, privateKey } = await makeCertificateRequest(holder);
  const proof = proveKey(
    createSigner({ key, kid, issuer: holder }),
    { deployment, of, holder, key: publicJwk },
    nowSeconds(),
  );
  const encryption = of === 'agency' ? await newEncryptionKey(deployment, holder) : undefined;
  const request: EnrolmentRequest = {
    ...{ version: 1, deployment, of, holder, csr, key: publicJwk, proof },
    ...{ legal_entity: legalEntity, name_vi: nameVi, name_en: nameEn },
    ...(encryption && { encryption_key: encryption.publicJwk, encryption_proof: encryption.proof }),
  };
  await writeFile(files.key, privateKey, { flag: 'wx', mode: 0o600 });
  await writeKeyFile(files.signing, jwk);
  if (encryption !== undefined) await writeKeyFile(files.encryption, encryption.jwk);
  await writeFile(files.request, `${JSON.stringify(request, null, 2)}\n`);
  const more = encryption === undefined ? {} : { encryption_kid: encryption.kid };
  // The same as in it, as an authority takes it.
  await writeFile(files.csr, csr);
  context.give({ holder, kid, ...more, request: files.request, csr: files.csr, certificate: files.certificate });
  const facts = { out, request: files.request, csr: files.csr, kid, certificate: files.certificate };
  const words = WORDS[context.settings.language];
  context.say(fill(words.done, facts));
  if (encryption !== undefined) context.say(fill(words.encryptionKid, { kid: encryption.kid }));
  return EXIT_CODES.COMPLETE;
}

const ENCRYPTION_FILE = 'encryption.jwk.json';

async function newEncryptionKey(deployment: string, holder: string) {
  const jwk = await generateEncryptionJwk();
  const { key, kid, publicJwk } = loadDecryptionKey(jwk);
  const signer = createSigner({ key, kid, issuer: holder });
  const proof = proveKey(signer, { deployment, of: 'encryption', holder, key: publicJwk }, nowSeconds());
  return { jwk, kid, publicJwk, proof };
}

async function makeEncryptionKey(context: CommandContext, _args: readonly string[], options: EncryptionOptions) {
  const { agency: holder, deployment, out } = options;
  if (!CODE.test(holder)) throw new CliProblem('OPTION_WRONG', { option: '--agency', wanted: 'code' });
  await mkdir(out, { recursive: true, mode: 0o700 });
  const [file, request] = [join(out, ENCRYPTION_FILE), join(out, 'encryption-request.json')];
  await mustBeFree(file);
  const { jwk, kid, publicJwk: key, proof } = await newEncryptionKey(deployment, holder);
  const asked: EnrolmentRequest = {
    ...{ version: 1, deployment, of: 'encryption', holder, csr: '', key, proof },
    ...{ legal_entity: '', name_vi: '', name_en: '' },
  };
  await writeKeyFile(file, jwk);
  await writeFile(request, `${JSON.stringify(asked, null, 2)}\n`);
  context.give({ holder, kid, file, request });
  context.say(fill(WORDS[context.settings.language].encryption, { file, request, kid }));
  return EXIT_CODES.COMPLETE;
}

/** A key that may be in use is never replaced: another request goes to another folder. Throws CliProblem KEYS_THERE. */
async function mustBeFree(...files: readonly string[]): Promise<void> {
  for (const file of files) if (await exists(file)) throw new CliProblem('KEYS_THERE', { file });
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
