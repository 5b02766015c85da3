/** The commands that make the gateway's own keys: the first ones of a deployment, and new ones for those that are lost. */
import { readFile, writeFile } from 'node:fs/promises';
import { EXIT_CODES } from '../../../connectors/kit/exit-codes.ts';
import { audienceOf } from '../../signing/binding.ts';
import { type ChangedKeySet, withKeyAdded } from '../../signing/change-key-set.ts';
import { readSigningKeyFile, writeKeyFile } from '../../signing/key-file.ts';
import { generateSigningJwk, type SigningKey } from '../../signing/key-store.ts';
import type { PublicJwk } from '../../signing/public-key.ts';
import type { CommandContext, CommonOptions } from '../cli.ts';
import { CliProblem, fill } from '../problem.ts';
import {
  isThere,
  newLogKey,
  publicJwkOfPem,
  publishChange,
  publishKeySet,
  readKeySetFile,
  writeStorageKeys,
} from '../stack/own-keys.ts';
import { tellSet } from './gateway-keys-table.ts';
import { GATEWAY_KEYS_WORDS } from './gateway-keys-words.ts';

interface SetOptions {
  readonly deployment: string;
  readonly root: string;
  readonly signing: string;
  readonly log: string;
  readonly out: string;
}
export interface CreateOptions extends CommonOptions, Partial<SetOptions> {
  readonly storage?: string;
}
export interface ReplaceOptions extends CommonOptions {
  readonly root: string;
  readonly keySet: string;
  readonly signing?: string;
  readonly log?: string;
}

const SET_OPTIONS = ['deployment', 'root', 'signing', 'log', 'out'] as const satisfies readonly (keyof SetOptions)[];
const DEPLOYMENT = /^[a-z0-9][a-z0-9-]{2,62}$/;

export async function createKeys(context: CommandContext, _args: readonly string[], options: CreateOptions) {
  const words = GATEWAY_KEYS_WORDS[context.settings.language];
  const { storage } = options;
  // The root lives on another machine than what opens the database: whoever asks for these alone need not name it.
  const named = storage === undefined ? undefined : SET_OPTIONS.find((name) => options[name] !== undefined);
  const set = storage !== undefined && named === undefined ? undefined : setOptionsOf(options);
  // Before anything is made. A set that clients have accepted is changed, and never begun anew under a lower version.
  if (set !== undefined && (await isThere(set.out))) throw new CliProblem('KEY_SET_THERE', { file: set.out });
  if (storage !== undefined && (await isThere(storage))) throw new CliProblem('KEYS_THERE', { file: storage });
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
    throw new CliProblem('OPTION_WRONG', { option: '--deployment', wanted: 'deployment' });
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

/**
 * The lost key is not here, so nothing can be read from it: the set keeps its public half. Cut short it is run again: a file that
 * is there stays.
 */
export async function replaceKeys(context: CommandContext, _args: readonly string[], options: ReplaceOptions) {
  const { signing, log, root: rootFile, keySet } = options;
  if (signing === undefined && log === undefined)
    throw new CliProblem('OPTION_WRONG', { option: '--signing, --log', wanted: 'givenSome' });
  const root = await readSigningKeyFile(rootFile);
  // Before a key is made.
  const file = await readKeySetFile(keySet, root);
  const made = {
    ...(signing !== undefined && { signing: (await keepKey(signing)).publicJwk }),
    ...(log !== undefined && { log: await keepLog(log) }),
  };
  const news = Object.values(made);
  const unknown = news.filter(({ x }) => !file.set.keys.some(({ jwk }) => jwk.x === x));
  // Where none is left to add, it is refused as one that stands there already.
  const changed = (unknown.length > 0 ? unknown : news).reduce<ChangedKeySet>(
    (sofar, jwk) => (sofar.ok ? withKeyAdded(sofar.set, jwk) : sofar),
    { ok: true, set: file.set },
  );
  const set = await publishChange(file, root, changed);
  tellSet(context, set, made);
  context.say(GATEWAY_KEYS_WORDS[context.settings.language].replaced);
  return EXIT_CODES.COMPLETE;
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
