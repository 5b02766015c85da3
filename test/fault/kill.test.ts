/** The gateway is killed at seeded moments while jobs run and calls come: nothing is lost, nothing is told twice, nothing is told unlogged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '../../gateway/audit/verify-log.ts';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createOwnCluster, type OwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { requestBytes } from '../support/gateway-calls.ts';
import { crowdPerson } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';
import { soakMoments } from '../support/soak.ts';

const { verifyPerson, closeJob } = VerificationService.method;
/** Milliseconds after the first answer: early, in the middle of the appends, late. Failing ones are added and kept. */
const MOMENTS = [3, 41, ...soakMoments(400)];
const CHUNKS = 12;

let cluster: OwnCluster;
let gateway: TestGateway;
beforeAll(async () => {
  cluster = await createOwnCluster();
  gateway = await startTestGateway({ database: cluster, crowd: 2000 });
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const rows = (num: number) => Array.from({ length: 256 }, (_, i) => rowOf(crowdPerson((num * 256 + i) % 2000)));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('kill -9', () => {
  it.each(
    MOMENTS,
  )('%i ms into a job: whatever reached the client stands once, and the job ends with its receipt', async (moment) => {
    const caller = gateway.raw('viettel');
    const job = await startJob(caller);
    const payloads = Array.from({ length: CHUNKS }, (_, num) => chunkPayload(num, rows(num)));
    const results = new Map<number, string>();
    const leaves: string[] = [];
    const note = (num: number, told: Uint8Array) => {
      const before = results.get(num);
      if (before !== undefined) expect(hex(told), `chunk ${num} was told twice, differently`).toBe(before);
      results.set(num, hex(told));
    };
    // Every frame that came has a token, and every token a leaf.
    const leavesIn = (tokens: readonly string[]) =>
      tokens.map(
        (jws) => (JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as { leaf: string }).leaf,
      );
    const take = async (stream: ReturnType<typeof openTestStream>) => {
      for (let message = await stream.next(); message !== undefined; message = await stream.next()) {
        if (message.kind.case === 'answer') note(message.kind.value.num, message.kind.value.results);
      }
    };

    const stream = openTestStream(caller, job);
    await stream.open();
    for (const [num, payload] of payloads.entries()) stream.chunk(num, payload);
    // Calls of one person on the side, their bytes kept for a retry.
    const requests = Array.from({ length: 20 }, () => requestBytes(caller.identity, verifyPerson.input, AN));
    const calls = requests.map((bytes) => caller.sign(verifyPerson, bytes));
    await sleep(moment);
    const killed = gateway.restart('SIGKILL');
    await take(stream);
    const outcomes = await Promise.all(calls);
    await killed;

    const again = gateway.raw('viettel');
    const next = openTestStream(again, job);
    await next.open();
    for (const [num, payload] of payloads.entries()) {
      next.chunk(num, payload);
      const answer = await next.answer();
      note(answer.num, answer.results);
    }
    next.cancel();
    leaves.push(...leavesIn(stream.tokens), ...leavesIn(next.tokens));
    expect(results.size).toBe(CHUNKS);
    const closed = await again.call(closeJob, {
      jobId: job.jobId,
      expectedChunks: CHUNKS,
      expectedRows: BigInt(CHUNKS * 256),
    });
    expect(closed.message.receipt).not.toBe('');
    expect(closed.message.job?.totals.map(({ verdict, rows: count }) => [verdict, count])).toEqual([
      [1, BigInt(CHUNKS * 256)],
    ]);

    // The same bytes again: where an answer reached the client, it is that one.
    for (const [i, bytes] of requests.entries()) {
      const retry = await again.sign(verifyPerson, bytes);
      expect(retry.code).toBe(0);
      const first = outcomes[i];
      if (first?.code === 0) {
        expect(retry.message).toEqual(first.message);
        leaves.push(first.claims?.leaf ?? '');
      } else expect(first?.message).toBeUndefined();
    }

    // Everything that was told has its leaf, and each chunk and each request one disclosure.
    const { rows: found } = await cluster.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM log_index WHERE entry_id = ANY($1::bytea[])',
      [[...new Set(leaves)].map((leaf) => Buffer.from(leaf, 'base64url'))],
    );
    expect(found[0]?.n).toBe(new Set(leaves).size);
    const entries = (await cluster.pool.query<{ entry: Buffer }>('SELECT entry FROM log_entry')).rows.map(({ entry }) =>
      fromBinary(EntrySchema, entry),
    );
    const chunkNums = entries
      .filter((entry) => entry.kind === EntryKind.CHUNK && hex(entry.jobId) === job.jobId)
      .map(({ chunkNum }) => chunkNum);
    expect(chunkNums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: CHUNKS }, (_, num) => num));
    const unary = entries.filter((entry) => entry.kind === EntryKind.UNARY).map((entry) => hex(entry.requestDigest));
    expect(new Set(unary).size).toBe(unary.length);
    expect((await verifyLog(cluster.pool)).findings).toEqual([]);
  });
});
