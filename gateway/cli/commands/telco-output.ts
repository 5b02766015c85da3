import { createReadStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { VerifySummary } from '../../../connectors/telco/verify.ts';
import type { Terminal } from '../terminal.ts';

/** Where the results are made. For standard output: in a folder of their own first, since a job writes two files. */
export interface Output {
  readonly path: string;
  publish(summary: VerifySummary): Promise<void>;
  close(): Promise<void>;
}

const UNKEPT = {
  en: 'No receipt was kept: name a file with --receipt.',
  vi: 'Không lưu biên nhận: hãy chỉ ra tệp bằng --receipt.',
} as const;

export async function openOutput(
  { out, receipt }: { readonly out: string; readonly receipt?: string },
  { stdout, stderr }: Terminal,
  language: 'vi' | 'en',
): Promise<Output> {
  if (out !== '-') return { path: out, publish: async () => undefined, close: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'lienthong-results-'));
  return {
    path: join(folder, 'results.csv'),
    async publish({ files }) {
      if (receipt !== undefined) await copyFile(files.receipt, receipt);
      else stderr.write(`${UNKEPT[language]}\n`);
      // A reader that has seen enough (`| head`) is no failure.
      await pipeline(createReadStream(files.results), stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
