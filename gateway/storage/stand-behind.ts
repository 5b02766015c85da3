import { readFileSync, writeFileSync } from 'node:fs';
import { platform, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** A tenth of a core is left where others want all of it: what the process has locked in the database is not held for long. */
const NICENESS = 10;
/** The kernel takes one change of a session's priority in a tenth of a second from all who may not do everything. */
const REFUSED_MS = 100;
const ATTEMPTS = 20;

/** What is read of a connection of the driver: the server's process, and this end of it. */
export interface ServedConnection {
  /** Of the server's process, as that process sees itself. */
  readonly processID?: number;
  readonly connection?: { readonly stream?: { readonly localPort?: number } };
}

/**
 * Puts the server's process of a connection behind the others that want a core, where it runs on this machine and this user may: each
 * is a session of its own, Linux shares cores among sessions first, and one that looks chunks up would take a whole share from the
 * thread that answers single calls. Anywhere else nothing happens. Never throws.
 */
export async function standBehind({ processID: pid, connection }: ServedConnection): Promise<void> {
  if (platform() !== 'linux' || pid === undefined) return;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      if (!isBackendOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), connection?.stream?.localPort)) return;
      setPriority(pid, NICENESS);
      writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
    await sleep(REFUSED_MS, undefined, { ref: false });
  }
}

/**
 * Whether a process calls itself what PostgreSQL calls the one that serves this connection: `postgres: user database host(port) state`,
 * `[local]` for one by a socket of the file system. The number may be another process's here, where the server has numbers of its own.
 */
export function isBackendOf(title: string, localPort: number | undefined): boolean {
  const peer = localPort === undefined ? '[local]' : `(${localPort})`;
  return title.startsWith('postgres: ') && title.includes(`${peer} `);
}
