/** `persons.rejects.csv`: line, column, reason. It never holds a value. */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Reject } from './reject.ts';

export interface RejectsFile {
  readonly count: number;
  add(rejects: readonly Reject[]): Promise<void>;
  /** Puts the file in place; without rejects there is none, and one of an earlier import goes. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

export function createRejectsFile(path: string | undefined): RejectsFile {
  let stream: WriteStream | undefined;
  let count = 0;
  const part = `${path}.part`;
  const close = async () => {
    if (stream === undefined) return;
    stream.end();
    await finished(stream);
  };
  return {
    get count() {
      return count;
    },
    add: async (rejects) => {
      if (rejects.length === 0) return;
      count += rejects.length;
      if (path === undefined) return;
      if (stream === undefined) {
        stream = createWriteStream(part, { mode: 0o600 });
        stream.write('line,column,reason\n');
      }
      const text = rejects.map(({ line, column, reason }) => `${line},${column},${reason}\n`).join('');
      if (!stream.write(text)) await once(stream, 'drain');
    },
    finish: async () => {
      if (path === undefined) return;
      await close();
      if (stream === undefined) await rm(path, { force: true });
      else await rename(part, path);
    },
    discard: async () => {
      stream?.destroy();
      if (path !== undefined) await rm(part, { force: true });
    },
  };
}
