/**
 * What an append asks for it finds by an index, however large the tables are: everybody who appends waits for it. Asked of a database
 * that is empty, with whole readings as dear as the log's own connections have them: what is read from end to end all the same has no
 * index that could serve it.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as appendSql from '../../gateway/audit/append-sql.ts';
import { readHead, rootAt } from '../../gateway/audit/log-store.ts';
import { openPools, type Pools } from '../../gateway/compose/open-database.ts';
import { scopeEffects } from '../../gateway/consent/consent-store.ts';
import { liftEffect, takeBackEffect } from '../../gateway/consent/matter-effects.ts';
import { matterActEffects } from '../../gateway/consent/matter-standing.ts';
import { keepInstead } from '../../gateway/exchange/keep-instead.ts';
import { chunkWork } from '../../gateway/jobs/chunk-work.ts';
import { createStartJob } from '../../gateway/jobs/start-job.ts';
import * as limitsSql from '../../gateway/limits/limits-sql.ts';
import { RESULT_BYTES } from '../../gateway/proof/result-bytes.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { StartJobRequestSchema } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { chunkPayload } from '../support/gateway-stream.ts';
import { type Planned, readWithoutKey, recording, unkeyedOf } from '../support/plans.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));
const ID = Buffer.alloc(16, 7);

let database: TestDatabase;
let pools: Pools;
beforeAll(async () => {
  database = await createTestDatabase();
  pools = openPools(database.url);
});
afterAll(async () => {
  await pools?.end();
  await database?.drop();
});

interface Prepared extends Planned {
  readonly name: string;
}
const preparedOf = (module: object) =>
  Object.values(module).filter((one): one is Prepared => typeof one === 'object' && one !== null && 'text' in one);
const PREPARED = [...preparedOf(appendSql), ...preparedOf(limitsSql)];

/** What is read whole: a table of one row, which is not written anew by each group as the head is. */
const WHOLE: Readonly<Record<string, readonly 'token_floor'[]>> = { 'append-keys': ['token_floor'] };

test.each(PREPARED)('$name', async ({ name, text }) => {
  expect(await readWithoutKey(pools.log, { text })).toEqual(WHOLE[name] ?? []);
});

test('all of its statements are known here', () => {
  const names = PREPARED.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(WHOLE), 'append-unkey', 'limits-take']));
  expect(new Set(names).size).toBe(names.length);
});

test('a deletion of keys by what no index has would be found', async () => {
  const text = `WITH r AS (DELETE FROM request_key WHERE entry_id = ANY($1::bytea[]))
    DELETE FROM job_chunk WHERE entry_id = ANY($1::bytea[])`;
  expect(await readWithoutKey(pools.log, { text })).toEqual(['job_chunk', 'request_key']);
});

test('the head, and whether it continues the last one', async () => {
  const { db, asked } = recording(pools.log);
  await readHead(db);
  // The tree has no such node: what it asks for first is enough.
  await rootAt(db, 70_000).catch(() => undefined);
  await rootAt(db, 65_536).catch(() => undefined);
  expect(asked.length).toBe(3);
  expect(await unkeyedOf(pools.log, asked)).toEqual(['log_head']);
});

test('what a call writes beside its entry: jobs, consents, what is taken back, what officers decide, what is given again', async () => {
  const matter = {
    ...{ kind: 1, personNo: 1, recipient: 'a', purpose: 'p', requestDigest: ID, receiptId: ID, entryId: ID },
    ...{ aboutEntry: undefined, now: 0 },
  };
  const act = {
    receiptId: ID,
    digest: 'd',
    body: ID,
    request: ID,
    officer: 'o',
    signature: 's',
    entryId: ID,
    known: 0,
  };
  const orRefuse = { reason: ErrorReason.MATTER_STATE } as const;
  const effects = [
    ...(await startOfJob()),
    ...(await chunkGivenAgain()),
    ...keepInstead(KEY, { entryId: ID, sealed: ID }, ID),
    ...scopeEffects(1, 'a', 'p'),
    takeBackEffect(matter),
    liftEffect(matter),
    ...[true, false].flatMap((decides) => matterActEffects(KEY, { ...act, decides }, orRefuse)),
  ];
  expect(await unkeyedOf(pools.log, effects)).toEqual([]);
});

async function startOfJob(): Promise<readonly Planned[]> {
  const context = { requestId: randomBytes(16).toString('hex'), purpose: 'p', serviceCode: 's', unitCode: 'u' };
  const request = create(StartJobRequestSchema, {
    context: { ...context, officerCode: 'o' },
    ...{ chunkRows: 256, columns: ['id_number'], fileDigest: randomBytes(32), blind: randomBytes(16) },
  });
  const work = createStartJob({ key: KEY, nowSeconds: () => 0 }).read(toBinary(StartJobRequestSchema, request));
  const facts = { caller: { agency: 'a' }, digest: '' } as unknown as Parameters<typeof work.compose>[1];
  const { effects = [] } = await work.compose({ kind: 'nothing', asOf: 0 } as never, facts);
  expect(effects.length).toBeGreaterThan(0);
  return effects;
}

async function chunkGivenAgain(): Promise<readonly Planned[]> {
  const row = { id: '1', name: 'a', born: '1990' };
  const chunk = { num: 0, payload: chunkPayload(0, [row]), jobId: ID.toString('hex'), maxRows: 1 };
  const viewOf = (verdict: number, unconsented: Uint32Array) => {
    const results = Buffer.alloc(RESULT_BYTES, verdict);
    return {
      kind: 'rows',
      rows: { count: 1, results, proof: { seed: Buffer.alloc(32), root: ID }, unconsented },
      asOf: 0,
    } as never;
  };
  const { compose } = chunkWork(chunk, undefined as never, undefined as never);
  const stored = await compose(viewOf(1, new Uint32Array(0)), {} as never);
  const { again } = await compose(viewOf(8, Uint32Array.of(0)), {} as never);
  const { locks = [], effects = [] } = again?.(stored.payload).lessened ?? {};
  expect([locks.length, effects.length]).toEqual([1, 2]);
  return [...locks, ...effects];
}
