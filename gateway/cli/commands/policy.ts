import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { readPolicyBundle } from '../../policy/revision.ts';
import { RULES_ISSUER, signBundle } from '../../policy/signed-bundle.ts';
import { readSigningKeyFile, writeKeyFile } from '../../signing/key-file.ts';
import { generateSigningJwk, publicJwkOf, type SigningKey } from '../../signing/key-store.ts';
import { createSigner } from '../../signing/sign.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { CliProblem, fill } from '../problem.ts';

interface SignOptions extends CommonOptions {
  readonly key: string;
  readonly deployment: string;
  readonly bundle?: string;
  readonly days?: string;
  readonly out: string;
}

const BUNDLE = fileURLToPath(new URL('../../../policies/bundle', import.meta.url));
const DAYS = 90;
const MOST_DAYS = 400;
const DAY = 86_400;
const DEPLOYMENT = /^[a-z0-9][a-z0-9-]{2,62}$/;

const WORDS = {
  en: {
    made: 'A new key: {key} (keep it away from the gateways) and {pinned}, which their config pins as policy.key.',
    signed: '✓ Rules of revision {revision}, signed for {deployment} until {end}: {out}',
    next: 'Copy policy.wasm and .manifest to the gateways first and this file last; they look every second.',
  },
  vi: {
    made: 'Khóa mới: {key} (không để trên máy chạy cổng) và {pinned}, ghi trong cấu hình của cổng ở policy.key.',
    signed: '✓ Bộ quy tắc bản {revision}, đã ký cho {deployment} tới {end}: {out}',
    next: 'Chép policy.wasm và .manifest sang máy chạy cổng trước, tệp này sau cùng; cổng kiểm tra mỗi giây.',
  },
} as const;

/** `policy sign` */
export function addPolicyCommand(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('the rules that decide');
  const sign = policy
    .command('sign')
    .description('signs a bundle of rules for one deployment until a day; without that a gateway decides nothing by it')
    .requiredOption('--key <file>', 'private JWK of whoever signs rules; made where there is none')
    .requiredOption('--deployment <id>', 'deployment.id of the gateways’ config')
    .requiredOption('--out <file>', 'where the signature goes: policy.signature of the config')
    .option('--bundle <dir>', 'policy.wasm and .manifest (default: those of this version)')
    .option('--days <n>', `how long the rules may decide, up to ${MOST_DAYS} (default: ${DAYS})`);
  attach<SignOptions>(cli, sign, signRules);
}

async function signRules(context: CommandContext, _args: readonly string[], options: SignOptions) {
  const words = WORDS[context.settings.language];
  const { deployment, out, bundle = BUNDLE } = options;
  if (!DEPLOYMENT.test(deployment)) {
    throw new CliProblem('OPTION_WRONG', { option: '--deployment', wanted: 'deployment' });
  }
  const days = wholeNumber('--days', options.days, 1, MOST_DAYS) ?? DAYS;
  const wasm = Uint8Array.from(await read(join(bundle, 'policy.wasm')));
  const manifest = (await read(join(bundle, '.manifest'))).toString('utf8');
  const { revision } = readPolicyBundle({ wasm, manifest });
  const { key, kid, made } = await keepKey(options.key);
  const iat = Math.floor(Date.now() / 1000);
  const end = iat + days * DAY;
  const signer = createSigner({ key, kid, issuer: RULES_ISSUER });
  await writeFile(out, `${signBundle({ wasm, manifest }, { signer, deployment, iat, end })}\n`);
  if (made !== undefined) context.say(fill(words.made, { key: options.key, pinned: made }));
  context.say(fill(words.signed, { revision, deployment, end: localTime(end), out }));
  context.say(words.next);
  context.give({ revision, deployment, until: new Date(end * 1000).toISOString(), key: kid, signature: out });
  return EXIT_CODES.COMPLETE;
}

/** The key of the file; `made` names the file of its public half where both were made. */
async function keepKey(path: string): Promise<SigningKey & { readonly made?: string }> {
  const there = await readSigningKeyFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (there !== undefined) return there;
  const jwk = await generateSigningJwk();
  await writeKeyFile(path, jwk);
  const made = `${path.replace(/\.jwk\.json$/, '')}.public.jwk.json`;
  await writeFile(made, `${JSON.stringify(publicJwkOf(jwk), null, 2)}\n`);
  return { ...(await readSigningKeyFile(path)), made };
}

function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new CliProblem('FILE_UNREADABLE', { file, code: codeOf(error) });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
