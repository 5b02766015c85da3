import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { audienceOf } from '../../signing/binding.ts';
import { withKeyAdded, withState } from '../../signing/change-key-set.ts';
import { readJwkFile, readSigningKeyFile, writeKeyFile } from '../../signing/key-file.ts';
import { type KeySet, readKeySet } from '../../signing/key-set.ts';
import { generateSigningJwk, type SigningKey } from '../../signing/key-store.ts';
import { type PublicJwk, readPublicJwk, thumbprintOf } from '../../signing/public-key.ts';
import { readSignedKeySet } from '../../signing/signed-key-set.ts';
import { attach, type Cli, type CommandContext, type CommonOptions, wholeNumber } from '../cli.ts';
import { table } from '../layout.ts';
import { localTime } from '../local-time.ts';
import { pastMomentOf } from '../moment.ts';
import { CliProblem, fill } from '../problem.ts';
import {
  isThere,
  newLogKey,
  ownKeysOf,
  publicJwkOfPem,
  publishChange,
  publishKeySet,
  readKeySetFile,
  rotateKey,
  writeStorageKeys,
} from '../stack/own-keys.ts';
import { widthOf } from '../terminal.ts';
import { GATEWAY_KEYS_WORDS } from './gateway-keys-words.ts';

interface ListOptions extends CommonOptions {
  readonly config?: string;
  readonly keySet?: string;
}
interface SetOptions {
  readonly deployment: string;
  readonly root: string;
  readonly signing: string;
  readonly log: string;
  readonly out: string;
}
interface CreateOptions extends CommonOptions, Partial<SetOptions> {
  readonly storage?: string;
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

const SET_OPTIONS = ['deployment', 'root', 'signing', 'log', 'out'] as const satisfies readonly (keyof SetOptions)[];
const DEPLOYMENT = /^[a-z0-9][a-z0-9-]{2,62}$/;
/** More than the second in which gateways look, and the five in which a client does not fetch the set twice. */
const WAIT_SECONDS = 15;
/** Of heads no token names the key: who merely shows proofs looks at the set once a minute. */
const LOG_WAIT_SECONDS = 75;
const MOST_WAIT = 86_400;
const ROOT = ['--root <file>', 'private JWK of the root that signs the key set'] as const;
const KEY_SET = ['--key-set <file>', 'the signed key set; changed in its place'] as const;
const SINCE = ['--compromised-from <time>', 'since when others may have had it, RFC 3339'] as const;

/** `gateway-keys list|create|rotate|add|retire|compromised` */
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
    .option('--signing <file>', 'private JWK that answers are signed with: signing_key of the config')
    .option('--log <file>', 'key of the log’s checkpoints, PEM: log.key of the config')
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
    throw new CliProblem('OPTION_WRONG', { option: '--config or --key-set', wanted: 'given, one of them' });
  if (file !== undefined) {
    const set = readKeySet(readSignedKeySet(await readFile(file, 'utf8'))?.payload ?? new Uint8Array());
    if (set === undefined) throw new CliProblem('KEY_SET_FILE', { file, problem: 'BAD_KEY_SET' });
    return tellSet(context, set, {});
  }
  const { own, log } = (await ownKeysOf(path ?? '', context.terminal.env)).config;
  const logKey = readPublicJwk(log.keys.publicKey.export({ format: 'jwk' }));
  return tellSet(context, own.set, { signing: own.signingKey.publicJwk, ...(logKey && { log: logKey }) });
}

/** @param uses which key of the config is which */
function tellSet(
  context: CommandContext,
  { version, keys }: KeySet,
  uses: { readonly signing?: PublicJwk; readonly log?: PublicJwk },
) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const use = (jwk: PublicJwk) =>
    (['signing', 'log'] as const).find((name) => uses[name] !== undefined && uses[name]?.x === jwk.x);
  const rows = keys.map((entry) => {
    const since = entry.state === 'compromised' ? entry.compromisedFrom : undefined;
    return { kid: thumbprintOf(entry.jwk), state: entry.state, use: use(entry.jwk), since };
  });
  context.give({
    version,
    keys: rows.map(({ since, ...row }) => ({
      ...row,
      ...(since === undefined ? {} : { compromised_from: new Date(since * 1000).toISOString() }),
    })),
  });
  context.say(fill(words.version, { version }));
  const lines = rows.map((row) => [
    row.kid,
    row.since === undefined ? words.states[row.state] : fill(words.since, { time: localTime(row.since) }),
    row.use === undefined ? '' : words.uses[row.use],
  ]);
  const columns = [{ title: words.key }, { title: words.state, wide: true }, { title: words.use }];
  context.say(table(columns, lines, widthOf(context.terminal.stdout)));
  return EXIT_CODES.COMPLETE;
}

async function createKeys(context: CommandContext, _args: readonly string[], options: CreateOptions) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const { storage } = options;
  // The root lives on another machine than what opens the database: whoever asks for these alone need not name it.
  const named = storage === undefined ? undefined : SET_OPTIONS.find((name) => options[name] !== undefined);
  const set = storage !== undefined && named === undefined ? undefined : setOptionsOf(options);
  // Before anything is made. A set that clients have accepted is changed, and never begun anew under a lower version.
  for (const file of [set?.out, storage])
    if (file !== undefined && (await isThere(file))) throw new CliProblem('KEYS_THERE', { file });
  const made = set === undefined ? undefined : await createSet(set);
  if (storage !== undefined) await writeStorageKeys(storage);
  context.give({ ...made, ...(storage !== undefined && { storage }) });
  if (set !== undefined && made !== undefined)
    context.say(fill(words.created, { ...made, out: set.out, root: set.root }));
  if (storage !== undefined) context.say(fill(words.storage, { storage }));
  return EXIT_CODES.COMPLETE;
}

/** Throws CliProblem OPTION_WRONG, which names all that are missing. */
function setOptionsOf(options: CreateOptions): SetOptions {
  const missing = SET_OPTIONS.filter((name) => options[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) throw new CliProblem('OPTION_WRONG', { option: missing.join(', '), wanted: 'given' });
  const { deployment } = options as SetOptions;
  if (!DEPLOYMENT.test(deployment))
    throw new CliProblem('OPTION_WRONG', { option: '--deployment', wanted: 'the id of a deployment' });
  return options as SetOptions;
}

async function createSet({ deployment, out, ...files }: SetOptions) {
  const [root, signing, log] = [await keepKey(files.root), await keepKey(files.signing), await keepLog(files.log)];
  const keys = [signing.publicJwk, log].map((jwk) => ({ jwk, state: 'active' as const }));
  const pinned = `${files.root.replace(/\.jwk\.json$/, '')}.public.jwk.json`;
  await writeFile(pinned, `${JSON.stringify(root.publicJwk, null, 2)}\n`);
  await publishKeySet(out, { version: 1, keys }, root, audienceOf('*', deployment));
  return { deployment, key_set: out, root: root.kid, pinned, signing: signing.kid };
}

async function rotateKeys(context: CommandContext, _args: readonly string[], options: RotateCliOptions) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const which = options.log === true ? 'log' : 'signing';
  const usual = options.log === true ? LOG_WAIT_SECONDS : WAIT_SECONDS;
  const seconds = wholeNumber('--wait', options.wait, 0, MOST_WAIT) ?? usual;
  const since = pastMomentOf('--compromised-from', options.compromisedFrom);
  if (since !== undefined && options.root === undefined)
    throw new CliProblem('OPTION_WRONG', { option: '--root', wanted: 'given beside --compromised-from' });
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
  if (jwk === undefined)
    throw new CliProblem('OPTION_WRONG', { option: file, wanted: 'a public key on P-256 as a JWK' });
  return jwk;
}

async function keepKey(path: string): Promise<SigningKey> {
  const there = await readSigningKeyFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there !== undefined) return there;
  await writeKeyFile(path, await generateSigningJwk());
  return readSigningKeyFile(path);
}

async function keepLog(path: string): Promise<PublicJwk> {
  await writeFile(path, newLogKey(), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return publicJwkOfPem(await readFile(path));
}
