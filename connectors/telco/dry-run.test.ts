import { afterEach, beforeEach, expect, it } from 'vitest';
import { dryRun } from './dry-run.ts';
import { judgeByNumber, writeSubscribers } from './subscribers.test-support.ts';
import { openTinyTelco, type TinyTelco } from './tiny-telco.test-support.ts';

let tiny: TinyTelco;
beforeEach(async () => {
  tiny = await openTinyTelco(judgeByNumber);
});
afterEach(() => tiny.close());

it('a dry run foretells which limits of the agreement are too small for the file', async () => {
  writeSubscribers(tiny.file, 600);
  const methods = ['/lienthong.verification.v1.VerificationService/StartJob'];
  const term = { purpose: 'subscriber-verification', methods, validFrom: 0n, validTo: 1n << 40n };
  const quota = (limit: string, used: bigint) => ({ limit, most: 1000n, used, resetsAt: 1_795_021_200n });
  const told = async (used: bigint, rowsPerJob: bigint) => {
    const quotas = [quota('DAY_ROWS', used), quota('RATE', 1000n), quota('DISTINCT_SUBJECTS', 0n)];
    tiny.gateway.faults.serverInfo = {
      agreements: [
        { ...term, purpose: 'another' },
        { ...term, rowsPerJob, quotas },
      ],
    };
    return (await dryRun({ file: tiny.file, profile: tiny.gateway.profileFolder })).tooMany;
  };
  expect(await told(400n, 600n)).toEqual([]);
  expect(await told(401n, 599n)).toEqual([
    { limit: 'ROWS', left: 599 },
    { limit: 'DAY_ROWS', left: 599, resetsAt: 1_795_021_200 },
  ]);
});
