import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, ownMark, type ProcessMark } from './process-mark.ts';

/** Temporary files and folders that hold personal data: named after their process, so that a later run removes what a killed one left. */

const KINDS = ['results', 'input'] as const;
/** Of a process that cannot be seen from here, and of versions that named no process: how long nothing was written to it. */
const LEFT_MS = 24 * 60 * 60 * 1_000;
const OLDER_VERSIONS = /^lienthong-(results-\w{6}|[0-9a-f]{24}\.spool)$/;

/** What a name begins with; something unique is put behind it. */
export function leftoverPrefix(kind: (typeof KINDS)[number], { pid, start, place }: ProcessMark = ownMark()): string {
  return `lienthong-${kind}.${Buffer.from(JSON.stringify([pid, start, place])).toString('base64url')}.`;
}

/** Removes what processes of this user that are gone have left in a folder. Never throws: what cannot be removed stays. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    await removeIfLeft(join(folder, name), name).catch(() => undefined);
}

async function removeIfLeft(path: string, name: string): Promise<void> {
  const mark = markIn(name);
  if (mark === undefined && !OLDER_VERSIONS.test(name)) return;
  const found = await lstat(path);
  // Also not a link that somebody else laid there.
  if (found.uid !== (process.getuid?.() ?? found.uid) || !(found.isFile() || found.isDirectory())) return;
  const running = mark && isRunning(mark);
  if (running === true) return;
  if (running === undefined) {
    const inside = found.isDirectory() ? (await readdir(path)).map((one) => join(path, one)) : [];
    const written = await Promise.all(inside.map(async (one) => (await lstat(one)).mtimeMs));
    if (Date.now() - Math.max(found.mtimeMs, ...written) < LEFT_MS) return;
  }
  await rm(path, { recursive: true, force: true });
}

function markIn(name: string): ProcessMark | undefined {
  const [, kind, text = ''] = /^lienthong-(\w+)\.([\w-]+)\./.exec(name) ?? [];
  if (!KINDS.some((one) => one === kind)) return undefined;
  try {
    const [pid, start, place] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    const known = Number.isSafeInteger(pid) && typeof start === 'string' && typeof place === 'string';
    return known ? { pid: pid as number, start, place } : undefined;
  } catch {
    return undefined;
  }
}
