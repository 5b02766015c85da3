/** Keeps the rules in step with the bundle on the disk: a good one is taken into use between two decisions, a bad one changes nothing. */
import { digestOf } from '../signing/digest.ts';
import type { PolicyHost } from './host.ts';
import {
  type BundleFiles,
  type BundleProblem,
  BundleRefused,
  type BundleTrust,
  readSignedBundle,
  type SignedBundle,
} from './signed-bundle.ts';

/** Which bundles were ever in use in this deployment, by whichever gateway. */
export interface BundleStore {
  /**
   * Remembers that this one is in use from now on; nothing is remembered of a refused one.
   * `rolled-back`: one of a higher revision was in use. `another`: another one of this revision was.
   */
  admit(bundle: {
    readonly revision: number;
    readonly digest: string;
  }): Promise<'admitted' | 'rolled-back' | 'another'>;
}

export interface BundleSource extends BundleTrust {
  /** Reads the files as they lie there now. */
  readonly read: () => Promise<BundleFiles>;
  readonly store: BundleStore;
}

export interface BundleLog {
  info(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

export interface BundleWatch {
  /** What the rules in use are, and until when. */
  readonly current: { readonly revision: number; readonly digest: string; readonly end: number };
  /** Why what lies on the disk is not in use; undefined where it is. */
  readonly refused: BundleProblem | undefined;
  start(): void;
  stop(): Promise<void>;
  /** Looks now; never rejects for what a bundle is, only for a store that is away. */
  refresh(): Promise<void>;
}

const POLL_MS = 1000;

/** @throws {BundleRefused}, or the store's error: a gateway without rules that count does not start */
export async function openBundle(source: BundleSource): Promise<SignedBundle> {
  return admitted(readSignedBundle(await filesOf(source), source), source.store);
}

export function createBundleWatch({
  source,
  host,
  opened,
  log,
  pollMs = POLL_MS,
}: {
  readonly source: BundleSource;
  readonly host: PolicyHost;
  /** What the host was made with. */
  readonly opened: SignedBundle;
  readonly log: BundleLog;
  readonly pollMs?: number;
}): BundleWatch {
  let current = factsOf(opened);
  let refused: BundleProblem | undefined;
  /** Mark of the files last taken: the same ones are not judged again. */
  let judged = '';
  let queue: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  function use(bundle: SignedBundle): void {
    if (bundle.revision > host.revision.policy) {
      host.replace({
        ...host.contents,
        wasm: bundle.module,
        rulesEnd: bundle.end,
        revision: { ...host.revision, policy: bundle.revision },
      });
      log.info({ revision: bundle.revision }, 'rules were taken into use');
    } else if (bundle.end !== current.end) {
      host.extend(bundle.end);
      log.info({ revision: bundle.revision, until: bundle.end }, 'the rules in use were signed anew');
    }
    current = factsOf(bundle);
  }

  async function look(): Promise<void> {
    try {
      const files = await filesOf(source);
      const mark = markOf(files);
      if (mark === judged) return;
      const bundle = readSignedBundle(files, source);
      if (bundle.revision < host.revision.policy) throw new BundleRefused('ROLLED_BACK');
      if (bundle.revision === host.revision.policy && bundle.digest !== current.digest)
        throw new BundleRefused('ANOTHER');
      use(await admitted(bundle, source.store));
      judged = mark;
      refused = undefined;
    } catch (error) {
      // A store that is away says nothing about the bundle: it is looked at again.
      if (!(error instanceof BundleRefused)) throw error;
      // A bundle that is being copied is refused until it is whole, so it is judged again; told once.
      if (refused !== error.code) {
        log.error(
          { problem: error.code, revision: host.revision.policy },
          'a bundle was refused, the rules stay as they are',
        );
      }
      refused = error.code;
    }
  }

  function next(): Promise<void> {
    const mine = queue.then(look);
    queue = mine.catch(() => {});
    return mine;
  }

  function schedule(): void {
    timer = setTimeout(async () => {
      await next().catch(() => {});
      if (running) schedule();
    }, pollMs);
    timer.unref();
  }

  return {
    get current() {
      return current;
    },
    get refused() {
      return refused;
    },
    start() {
      if (running) return;
      running = true;
      schedule();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await queue;
    },
    refresh: next,
  };
}

async function filesOf({ read }: BundleSource): Promise<BundleFiles> {
  try {
    return await read();
  } catch (cause) {
    throw new BundleRefused('UNREADABLE', { cause });
  }
}

async function admitted(bundle: SignedBundle, store: BundleStore): Promise<SignedBundle> {
  const outcome = await store.admit(bundle);
  if (outcome === 'admitted') return bundle;
  throw new BundleRefused(outcome === 'another' ? 'ANOTHER' : 'ROLLED_BACK');
}

function markOf({ wasm, manifest, signature }: BundleFiles): string {
  return [digestOf(wasm), manifest, signature].join('\n');
}

function factsOf({ revision, digest, end }: SignedBundle): BundleWatch['current'] {
  return { revision, digest, end };
}
