/** A decision stands in the log since the entry of the very call that brought it, and by no other. */
import { createSecretKey, hash, randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminService, DecideMatterRequestSchema } from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { EntryKind, type EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openPeopleLog } from '../../test/support/people-log.ts';
import { generateKeyRing, loadKeyRing } from '../sealing/key-ring.ts';
import { digestOf } from '../signing/digest.ts';
import { loggedAt, sealRequest } from './logged-decisions.ts';

const KEY = createSecretKey(randomBytes(32));
const TIME_MS = 1_790_000_000_500n;
const METHOD = `/${AdminService.typeName}/DecideMatter`;
const SIGNATURE = 'an officer’s';
let db: TestDatabase;
let log: Awaited<ReturnType<typeof openPeopleLog>>;
beforeAll(async () => {
  db = await createTestDatabase();
  log = await openPeopleLog(db.pool, loadKeyRing(generateKeyRing()));
  await db.pool.query('ALTER TABLE matter_act DROP CONSTRAINT matter_act_receipt_id_fkey');
});
afterAll(async () => {
  log?.close();
  await db?.drop();
});

interface Stored {
  readonly entry?: MessageInitShape<typeof EntrySchema>;
  /** Kept beside the act in the place of the request that was logged. */
  readonly request?: Uint8Array;
  readonly sealedFor?: string;
  readonly signature?: string;
  readonly body?: Uint8Array;
}

/** A call in the log and an act beside it; since when the log has that act, and the entry. */
async function stored(other: Stored = {}) {
  const body = randomBytes(40);
  const request = requestOf(body);
  const digest = digestOf(other.body ?? body);
  const [entryId] = await log.append([
    {
      ...{ kind: EntryKind.UNARY, agency: 'operator', method: METHOD, timeMs: TIME_MS },
      requestDigest: hash('sha256', request, 'buffer'),
      ...other.entry,
    } as MessageInitShape<typeof EntrySchema>,
    [],
  ]);
  await db.pool.query(
    `INSERT INTO matter_act (digest, receipt_id, body, officer, signature, entry_id, request)
     VALUES ($1, '', '', 'officer', $2, $3, $4)`,
    [
      digest,
      other.signature ?? SIGNATURE,
      entryId,
      sealRequest(KEY, other.sealedFor ?? digest, other.request ?? request),
    ],
  );
  return { entryId, at: async () => (await loggedAt(db.pool, KEY, [digest])).get(digest) };
}

const requestOf = (body: Uint8Array, signature = SIGNATURE) =>
  toBinary(DecideMatterRequestSchema, create(DecideMatterRequestSchema, { body, signature, blind: randomBytes(16) }));

test('the log’s own time counts', async () => {
  expect(await (await stored()).at()).toBe(Number(TIME_MS) / 1000);
});

test.each<[string, () => Stored]>([
  ['another act', () => ({ body: randomBytes(40) })],
  ['another signature', () => ({ signature: 'of somebody else' })],
  ['a request for another act', () => ({ request: requestOf(randomBytes(40)) })],
  ['a request that was kept for another act', () => ({ sealedFor: digestOf(randomBytes(40)) })],
  ['an entry of another request', () => ({ entry: { requestDigest: randomBytes(32) } })],
  ['a refusal', () => ({ entry: { kind: EntryKind.REFUSAL } })],
  ['an entry of another agency', () => ({ entry: { agency: 'viettel' } })],
  ['an entry of another method', () => ({ entry: { method: '/lienthong.admin.v1.AdminService/ListMatters' } })],
])('%s says nothing of it', async (_name, other) => {
  expect(await (await stored(other())).at()).toBeUndefined();
});

test('an entry whose bytes are not those of its leaf says nothing', async () => {
  const { entryId, at } = await stored();
  await db.pool.query('UPDATE log_entry SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE entry_id = $1', [
    entryId,
  ]);
  expect(await at()).toBeUndefined();
});
