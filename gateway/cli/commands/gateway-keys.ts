import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { withKeyAdded, withState } from '../../signing/change-key-set.ts';
import { readJwkFile, readSigningKeyFile } from '../../signing/key-file.ts';
import { type KeySet, readKeySet } from '../../signing/key-set.ts';
import { type PublicJwk, readPublicJwk } from '../../signing/public-key.ts';
import { readSignedKeySet } from '../../signing/signed-key-set.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { pastMomentOf } from '../moment.ts';
import { CliProblem, fill } from '../problem.ts';
import { ownKeysOf, publishChange, readKeySetFile, rotateKey } from '../stack/own-keys.ts';
import { type CreateOptions, createKeys, type ReplaceOptions, replaceKeys } from './gateway-keys-make.ts';
import { tellSet } from './gateway-keys-table.ts';
import { GATEWAY_KEYS_WORDS } from './gateway-keys-words.ts';

interface ListOptions extends CommonOptions {
  readonly config?: string;
  readonly keySet?: string;
}
interface ChangeOptions extends CommonOptions {
  readonly root: string;
  readonly keySet: string;
  readonly compromisedFrom?: string;
}
interface RotateCliOptions extends CommonOptions {
  readonly config: string;
  readonly log?: boolean;
  readonly root?: string;
  readonly wait?: string;
  readonly compromisedFrom?: string;
}

/** More than the second in which gateways look, and the five in which a client does not fetch the set twice. */
const WAIT_SECONDS = 15;
/** Of heads no token names the key: who merely shows proofs looks at the set once a minute. */
const LOG_WAIT_SECONDS = 75;
const MOST_WAIT = 86_400;
const ROOT = ['--root <file>', 'private JWK of the root that signs the key set'] as const;
const KEY_SET = ['--key-set <file>', 'the signed key set; changed in its place'] as const;
const SIGNING = ['--signing <file>', 'private JWK that answers are signed with: signing_key of the config'] as const;
const LOG = ['--log <file>', 'key of the log’s checkpoints, PEM: log.key of the config'] as const;
const SINCE = ['--compromised-from <time>', 'since when others may have had it, RFC 3339'] as const;

/** `gateway-keys list|create|rotate|replace|add|retire|compromised` */
export function addGatewayKeysCommands(program: Command, cli: Cli): void {
  const keys = program.command('gateway-keys').description("the gateway's own keys, and the set that clients are told");
  const list = keys
    .command('list')
    .description('the keys of the set: which sign, which did, which are in other hands')
    .option('--config <file>', "the gateway's config file")
    .option('--key-set <file>', 'or a signed key set');
  attach<ListOptions>(cli, list, listKeys);
  const create = keys
    .command('create')
    .description(
      'makes the first set of a deployment, and of its keys what is not there yet; with --storage alone only those',
    )
    .option('--deployment <id>', 'deployment.id of the gateways’ config')
    .option('--root <file>', 'private JWK of the root: to be kept away from the gateways')
    .option(...SIGNING)
    .option(...LOG)
    .option('--out <file>', 'where the set goes: key_set of the config')
    .option('--storage <file>', 'new keys that seal what the database keeps: storage_keys of the config');
  attach<CreateOptions>(cli, create, createKeys);
  const rotate = keys
    .command('rotate')
    .description('from one signing key to the next while gateways and clients run; cut short, run it again')
    .requiredOption('--config <file>', "the gateway's config file")
    .option('--log', 'the key of the log’s checkpoints instead')
    .option('--root <file>', 'private JWK of the root; without it the set is changed where the root is')
    .option(
      '--wait <seconds>',
      `between publishing, switching and ending (default: ${WAIT_SECONDS}, with --log ${LOG_WAIT_SECONDS})`,
    )
    .option(...SINCE);
  attach<RotateCliOptions>(cli, rotate, rotateKeys);
  const replace = keys
    .command('replace')
    .description('makes keys anew that are lost, and adds them to the set: what the lost ones signed stays good')
    .option(...SIGNING)
    .option(...LOG)
    .requiredOption(...ROOT)
    .requiredOption(...KEY_SET);
  attach<ReplaceOptions>(cli, replace, replaceKeys);
  const change = (name: string, text: string, argument: readonly [string, string]) =>
    keys
      .command(name)
      .description(text)
      .argument(...argument)
      .requiredOption(...ROOT)
      .requiredOption(...KEY_SET);
  const kid = ['<kid>', 'thumbprint of the key'] as const;
  const add = change('add', 'adds a key to the set, before it signs', ['<file>', 'its public JWK']);
  attach<ChangeOptions>(cli, add, (context, [file = ''], options) =>
    changeSet(context, options, async (set) => withKeyAdded(set, await publicKeyOf(file))),
  );
  const retire = change('retire', 'ends the use of a key whose successor signs; what it signed stays good', kid);
  attach<ChangeOptions>(cli, retire, (context, [one = ''], options) =>
    changeSet(context, options, (set) => withState(set, one, { state: 'retired' })),
  );
  const lost = change('compromised', 'says of a key that others may have it: what it signed since proves nothing', kid);
  attach<ChangeOptions>(cli, lost.requiredOption(...SINCE), (context, [one = ''], options) => {
    const since = pastMomentOf('--compromised-from', options.compromisedFrom) ?? 0;
    return changeSet(context, options, (set) => withState(set, one, { state: 'compromised', compromisedFrom: since }));
  });
}

async function listKeys(context: CommandContext, _args: readonly string[], options: ListOptions) {
  const { config: path, keySet: file } = options;
  if ((path === undefined) === (file === undefined))
    throw new CliProblem('OPTION_WRONG', { option: '--config, --key-set', wanted: 'givenOne' });
  if (file !== undefined) {
    const set = readKeySet(readSignedKeySet(await readFile(file, 'utf8'))?.payload ?? new Uint8Array());
    if (set === undefined) throw new CliProblem('KEY_SET_FILE', { file, problem: 'BAD_KEY_SET' });
    return tellSet(context, set, {});
  }
  const { own, log } = (await ownKeysOf(path ?? '', context.terminal.env)).config;
  const logKey = readPublicJwk(log.keys.publicKey.export({ format: 'jwk' }));
  return tellSet(context, own.set, { signing: own.signingKey.publicJwk, ...(logKey && { log: logKey }) });
}

async function rotateKeys(context: CommandContext, _args: readonly string[], options: RotateCliOptions) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const which = options.log === true ? 'log' : 'signing';
  const usual = options.log === true ? LOG_WAIT_SECONDS : WAIT_SECONDS;
  const seconds = wholeNumber('--wait', options.wait, 0, MOST_WAIT) ?? usual;
  const since = pastMomentOf('--compromised-from', options.compromisedFrom);
  if (since !== undefined && options.root === undefined)
    throw new CliProblem('OPTION_WRONG', { option: '--root', wanted: 'givenBeside', other: '--compromised-from' });
  const root = options.root === undefined ? undefined : await readSigningKeyFile(options.root);
  const here = await ownKeysOf(options.config, context.terminal.env);
  const rotated = await rotateKey({
    ...{ ...here, which, root },
    wait: () => sleep(seconds * 1000, undefined, { signal: context.terminal.signal }),
    end: since === undefined ? { state: 'retired' } : { state: 'compromised', compromisedFrom: since },
    onStep: (step, facts) =>
      context.say(fill(step === 'switched' && which === 'log' ? words.headsSwitched : words.steps[step], facts)),
  });
  context.give(rotated);
  if (!rotated.ended) context.say(fill(words.notEnded, { old: rotated.old, seconds }));
  return EXIT_CODES.COMPLETE;
}

async function changeSet(
  context: CommandContext,
  { root: rootFile, keySet }: ChangeOptions,
  change: (set: KeySet) => ReturnType<typeof withState> | Promise<ReturnType<typeof withState>>,
) {
  const root = await readSigningKeyFile(rootFile);
  const file = await readKeySetFile(keySet, root);
  const set = await publishChange(file, root, await change(file.set));
  return tellSet(context, set, {});
}

async function publicKeyOf(file: string): Promise<PublicJwk> {
  const jwk = readPublicJwk(await readJwkFile(file));
  if (jwk === undefined) throw new CliProblem('OPTION_WRONG', { option: file, wanted: 'publicJwk' });
  return jwk;
}
