import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowResult } from '../../gateway/proof/result-bytes.ts';
import { createTinyGateway, type TinyGateway, type TinyRow } from '../kit/tiny-gateway.test-support.ts';
import { type VerifyOptions, verifySubscribers } from './verify.ts';

/** Rows a chunk: as few as may be, so that small files have many. */
export const CHUNK = 256;

export const ALL_AGREE: RowResult = {
  ...({ verdict: 1, id: 1, name: 1, birthDate: 1, nameScore: undefined, score: undefined } as const),
  ...{ reasons: [], notices: [], currentId: 0 },
};

/** A gateway that answers every row by `judge`, and a folder with a place for a file and its results. */
export interface TinyTelco {
  readonly folder: string;
  readonly gateway: TinyGateway;
  readonly port: number;
  readonly file: string;
  readonly out: string;
  run(options?: Partial<VerifyOptions>): ReturnType<typeof verifySubscribers>;
  close(): Promise<void>;
}

export async function openTinyTelco(judge: (row: TinyRow) => RowResult): Promise<TinyTelco> {
  const folder = mkdtempSync(join(tmpdir(), 'lt-telco-'));
  const gateway = await createTinyGateway(folder, judge);
  const [file, out] = [join(folder, 'subscribers.csv'), join(folder, 'results.csv')];
  return {
    ...{ folder, gateway, file, out },
    port: await gateway.start(),
    run: (options = {}) =>
      verifySubscribers({ file, out, profile: gateway.profileFolder, chunkRows: CHUNK, giveUpMs: 1_000, ...options }),
    async close() {
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
