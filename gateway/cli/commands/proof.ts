import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import { ACCESSES } from '../../console/words/accesses.ts';
import { fieldName } from '../../console/words/fields.ts';
import { pathOf, VOCABULARY } from '../../fields/vocabulary.ts';
import { type ProvenUse, usesOf } from '../../proof/browser/as-line.ts';
import { type AccessCheck, checkAccessProof, type ProvenAccess } from '../../proof/browser/check-access.ts';
import { attach, type Cli, type CommandContext, type CommonOptions } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { CliProblem, fill } from '../problem.ts';

interface CheckOptions extends CommonOptions {
  readonly logKey: string;
  readonly origin: string;
}

const WORDS = {
  en: {
    holds:
      '✓ Entry {index} of the log {origin}, {time}: {agency}, for {purpose}. It stands in the {size} entries that the log’s key signed.',
    fault: '✗ The proof does not hold ({fault}).',
  },
  vi: {
    holds:
      '✓ Bản ghi {index} của nhật ký {origin}, {time}: {agency}, mục đích {purpose}. Bản ghi nằm trong {size} bản ghi mà khóa nhật ký đã ký.',
    fault: '✗ Bằng chứng không đúng ({fault}).',
  },
} as const;

/** `proof check FILE` */
export function addProofCommand(program: Command, cli: Cli): void {
  const check = program
    .command('proof')
    .description('a person’s own proof of who looked, as the citizen’s page gives it')
    .command('check')
    .description('checks it by the log’s key alone, without a gateway')
    .argument('<file>', 'the proof, as it was downloaded')
    .requiredOption('--log-key <file>', 'public key of the log, PEM')
    .requiredOption('--origin <name>', 'name of the log, for example lienthong.dev/dev-k3v9q2xa');
  attach<CheckOptions>(cli, check, checkProof);
}

async function checkProof(context: CommandContext, [file = '']: readonly string[], { logKey, origin }: CheckOptions) {
  const key = await readLogKey(logKey);
  const checked: AccessCheck = await checkAccessProof(await readFile(file), { origin, logKeys: [key] });
  const words = WORDS[context.settings.language];
  if (!checked.holds) {
    context.give({ holds: false, fault: checked.fault });
    context.say(fill(words.fault, { fault: checked.fault }));
    return EXIT_CODES.REFUSED;
  }
  const { access } = checked;
  const { index, agency, purpose, head } = access;
  const time = localTime(Math.floor(access.timeMs / 1000));
  context.give({ holds: true, access: plain(access) });
  context.say(fill(words.holds, { index, origin, time, agency, purpose, size: head.size }));
  for (const use of usesOf(access)) context.say(saidOf(use, context.settings.language));
  return EXIT_CODES.COMPLETE;
}

/** What is proven of the person, in the words of the citizen's page. */
function saidOf({ outcome, basis, released, compared }: ProvenUse, language: Language): string {
  const words = ACCESSES[language];
  // A newer gateway may have fields that are not known here.
  const names = (ids: readonly number[]) =>
    ids.map((id) => (VOCABULARY.byId.has(id) ? fieldName(pathOf(id), language) : String(id))).join(', ');
  return [
    `  ${words.outcome[outcome] ?? ''}`,
    ...(basis === 0 ? [] : [`  ${words.basis}: ${words.bases[basis] ?? ''}`]),
    ...(released.length === 0 ? [] : [`  ${words.released}: ${names(released)}`]),
    ...(compared.length === 0 ? [] : [`  ${words.compared}: ${names(compared)}`]),
  ].join('\n');
}

async function readLogKey(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const pem = await readFile(path);
  try {
    return Uint8Array.from(createPublicKey(pem).export({ type: 'spki', format: 'der' }));
  } catch (error) {
    throw new CliProblem('OPTION_WRONG', { option: '--log-key', wanted: 'publicPem' }, { cause: error });
  }
}

function plain({ head, ...access }: ProvenAccess): object {
  return { ...access, size: head.size, witnesses: head.witnesses };
}
