import type { Heads } from '../audit/heads.ts';
import type { LogKeys } from '../config/own-keys.ts';
import { createPoll } from '../storage/poll.ts';
import type { Log } from '../telemetry/log.ts';

const POLL_MS = 1_000;

/**
 * Keeps the key of heads in step with the disk, and the keys by which those of before are believed. What does not fit, or is of an
 * older set, changes nothing: that is told by whoever watches the keys that answers are signed with, which lie in the same set.
 */
export function followLogKeys({
  opened,
  read,
  heads,
  log,
}: {
  readonly opened: LogKeys;
  readonly read: () => Promise<LogKeys>;
  readonly heads: Pick<Heads, 'use'>;
  readonly log: Pick<Log, 'info'>;
}) {
  let current = opened;
  return createPoll(async () => {
    const found = await read().catch(() => undefined);
    if (found === undefined || found.version < current.version) return;
    const switched = !found.publicKey.equals(current.publicKey);
    if (!switched && found.version === current.version) return;
    current = found;
    heads.use(found);
    if (switched) log.info({ version: found.version }, 'heads of the log are signed with another key');
  }, POLL_MS);
}
