import type { Heads } from '../audit/heads.ts';
import type { KeyReading, LogKeys, OwnKeys } from '../config/own-keys.ts';
import type { Log } from '../telemetry/log.ts';

/**
 * Reads our own keys for whoever signs answers with them, who looks each second: with each reading the key of the log's heads is in
 * step with the disk as well, and the keys by which those of before are believed. What does not fit, or is of an older set, changes
 * nothing of them, which is told by the one who asked.
 */
export function createOwnKeyReader({
  opened,
  read,
  heads,
  log,
}: {
  readonly opened: LogKeys;
  readonly read: () => Promise<KeyReading>;
  readonly heads: Pick<Heads, 'use'>;
  readonly log: Pick<Log, 'info'>;
}): () => Promise<OwnKeys> {
  let current = opened;
  let before: Promise<unknown> = Promise.resolve();

  function follow(found: LogKeys): void {
    if (found.version < current.version) return;
    const switched = !found.publicKey.equals(current.publicKey);
    if (!switched && found.version === current.version) return;
    current = found;
    heads.use(found);
    if (switched) log.info({ version: found.version }, 'heads of the log are signed with another key');
  }

  async function readNow(): Promise<OwnKeys> {
    const found = await read();
    follow(found.log);
    return found.own;
  }

  return () => {
    // One at a time, whichever thread asks: what a reading brought is not taken back by one that began before it.
    const mine = before.then(readNow);
    before = mine.catch(() => undefined);
    return mine;
  };
}
