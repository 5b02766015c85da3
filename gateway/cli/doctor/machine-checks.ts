import { access, constants, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Check, failed, ok, warning } from './finding.ts';

const LEAST_NODE = 24;
/** Five million rows make some 600 MB of results and 60 MB of receipt. */
const ROOMY_BYTES = 2 * 1024 ** 3;
const LEAST_BYTES = 100 * 1024 ** 2;

/** What this machine has to have, the network left aside. */
export function machineChecks({ outFolder, nodeVersion }: { outFolder: string; nodeVersion: string }): Check[] {
  return [
    {
      name: 'node',
      needs: [],
      run: () => {
        const facts = { version: nodeVersion, least: LEAST_NODE };
        return Number.parseInt(nodeVersion.replace(/^v/, ''), 10) >= LEAST_NODE
          ? ok('NODE_OK', facts)
          : failed('NODE_OLD', facts);
      },
    },
    {
      name: 'disk',
      needs: [],
      async run() {
        const folder = resolve(outFolder);
        let free: number;
        try {
          await access(folder, constants.W_OK);
          const { bavail, bsize } = await statfs(folder);
          free = bavail * bsize;
        } catch (error) {
          return failed('DISK_UNWRITABLE', { folder, code: codeOf(error) });
        }
        const facts = { folder, free: Math.floor(free / 1024 ** 2) };
        if (free < LEAST_BYTES) return failed('DISK_FULL', facts);
        return free < ROOMY_BYTES ? warning('DISK_LOW', facts) : ok('DISK_OK', facts);
      },
    },
  ];
}

/** The code of a system error; what has none is named by its class. */
export function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
