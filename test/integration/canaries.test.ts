/**
 * Values planted in requests and in the register are looked for in every place where they have no business: logs of the
 * gateway and of PostgreSQL, refusals, and every column of every table that is said to be sealed or hashed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSensitive } from '../../gateway/register/encode-sensitive.ts';
import { sensitiveContext } from '../../gateway/register/sensitive.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { seal } from '../../gateway/sealing/seal.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callToken, contextOf, pathOf, type RawOutcome, requestBytes } from '../support/gateway-calls.ts';
import { chunkPayload, openTestStream, startJob, type TextRow } from '../support/gateway-stream.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';

const { verifyPerson } = VerificationService.method;
const { getPerson } = PersonService.method;

/** In the register and in good requests. */
const KNOWN = { id: 904812637495, name: 'Kanarienvogel Thị Huyền Bí', born: 19870714 };
/** In requests only. */
const ASKED = { id: '905736281940', name: 'Vogelscheuche Văn Lạ Lùng', born: '1931-11-23' };
const OFFICER = 'OFF-KANARIE-77';
const SENSITIVE = { ethnicity: 'Kanarisch', religion: 'Vogelglaube', bloodType: 'AB-Kanarie' };

/** The texts to look for. A date's digits alone would be found by chance; with its dashes it is not. */
const PLANTED = [
  String(KNOWN.id),
  ...['Kanarienvogel', 'Huyền Bí', 'KANARIENVOGEL', '1987-07-14', '19870714'],
  ASKED.id,
  ...['Vogelscheuche', 'Lạ Lùng', '1931-11-23', '19311123'],
  OFFICER,
];

let gateway: TestGateway;
let receiver: OtlpReceiver;
const refusals: RawOutcome[] = [];

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const config = { metrics: { port: 0 }, traces: { endpoint: receiver.endpoint, ratio: 1 } };
  gateway = await startTestGateway({ people: [KNOWN], crowd: 50, config });
  const { pool } = gateway.database;
  const ring = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
  await pool.query("UPDATE person SET sealed = $1, sealed_key = 'sensitive-1' WHERE personal_id = $2", [
    seal(ring.sensitive, sensitiveContext(1, 'sensitive-1'), encodeSensitive(SENSITIVE)),
    KNOWN.id,
  ]);
  await exercise();
});
afterAll(async () => {
  await gateway?.stop();
  await receiver?.close();
});

/** Every way in which the planted values can come in: answered, refused, undecodable, while the database fails. */
async function exercise(): Promise<void> {
  const [viettel, moh, bank] = [gateway.raw('viettel'), gateway.raw('moh'), gateway.raw('bank-demo')];
  const context = { ...contextOf(viettel.identity), officerCode: OFFICER };
  const known = { idNumber: String(KNOWN.id), fullName: KNOWN.name, dateOfBirth: '1987-07-14' };
  const asked = { idNumber: ASKED.id, fullName: ASKED.name, dateOfBirth: ASKED.born };
  await viettel.call(verifyPerson, { ...known, context });
  await viettel.call(verifyPerson, { ...asked, context: { ...context, requestId: 'another-request' } });
  await bank.call(verifyPerson, known);
  await moh.call(getPerson, { personalId: String(KNOWN.id), readMask: { paths: ['full_name', 'date_of_birth'] } });

  const readMask = { paths: ['full_name'] };
  refusals.push(
    await viettel.attempt(verifyPerson, { ...asked, context: { ...context, purpose: 'nobodys-purpose' } }),
    await viettel.attempt(verifyPerson, { ...asked, context: { ...context, requestId: ASKED.name } }),
    await viettel.attempt(verifyPerson, { ...asked, matchMask: { paths: [ASKED.name, 'vogelscheuche'] } }),
    await viettel.attempt(verifyPerson, { ...asked, blind: Buffer.from(ASKED.name) }),
    await moh.attempt(getPerson, { personalId: ASKED.id, readMask }),
    await moh.attempt(getPerson, { personalId: ASKED.name, readMask }),
    await moh.attempt(getPerson, { personalId: String(KNOWN.id), readMask: { paths: ['religion', 'ethnicity'] } }),
    await viettel.sign(verifyPerson, Buffer.from(`${ASKED.name} ${ASKED.id} ${ASKED.born}`)),
    await viettel.attempt(VerificationService.method.getJob, { jobId: ASKED.id }),
  );
  const bytes = requestBytes(viettel.identity, verifyPerson.input, asked);
  refusals.push(await viettel.send(pathOf(verifyPerson), bytes, ASKED.name.normalize('NFD').replace(/[^ -~]/g, '')));
  refusals.push(await viettel.send(pathOf(verifyPerson), bytes, callToken(viettel.identity, ASKED.id, bytes)));

  const job = await startJob(viettel);
  const stream = openTestStream(viettel, job);
  await stream.open();
  const rows: TextRow[] = [
    { id: String(KNOWN.id), name: KNOWN.name, born: '1987-07-14' },
    { id: ASKED.id, name: ASKED.name, born: ASKED.born },
    { id: ASKED.name, name: ASKED.id, born: ASKED.name },
  ];
  stream.chunk(0, chunkPayload(0, rows));
  await stream.answer();
  stream.chunk(0, chunkPayload(0, rows));
  await stream.ended;

  // Faults inside: the statement that fails has the values among its parameters.
  const { pool } = gateway.database;
  await pool.query('ALTER TABLE person_match RENAME TO person_match_gone');
  refusals.push(await viettel.attempt(verifyPerson, asked));
  await pool.query('ALTER TABLE person_match_gone RENAME TO person_match');
  await pool.query('ALTER TABLE request_key ADD CONSTRAINT no_kanarie CHECK (length(request_id) < 5) NOT VALID');
  refusals.push(await viettel.attempt(verifyPerson, asked));
  await pool.query('ALTER TABLE request_key DROP CONSTRAINT no_kanarie');
}

/** The planted texts that stand in these bytes, as UTF-8 or UTF-16. */
function foundIn(bytes: Buffer): string[] {
  return PLANTED.filter((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')));
}

describe('planted values', () => {
  it('every refusal was one, and says nothing of them', () => {
    for (const [i, refused] of refusals.entries()) {
      expect(refused.code, `refusal ${i}`).not.toBe(0);
      expect(foundIn(Buffer.from(refused.text)), `refusal ${i}`).toEqual([]);
      expect(foundIn(refused.details ?? Buffer.alloc(0)), `refusal ${i}`).toEqual([]);
      expect(foundIn(Buffer.from((refused.signature ?? '').split('.')[1] ?? '', 'base64url')), `refusal ${i}`).toEqual(
        [],
      );
    }
  });

  it('no metric has them, in a name, a label or a value', async () => {
    const scraped = await fetch(`http://127.0.0.1:${gateway.process.metricsPort}/metrics`);
    const text = await scraped.text();
    expect(text).toContain('outcome="STORAGE_UNAVAILABLE"');
    expect(foundIn(Buffer.from(text))).toEqual([]);
    expect(text).not.toMatch(/viettel|another-request|nobodys-purpose/);
  });

  it('no log line of the gateway has them, and no trace', async () => {
    await gateway.process.stop();
    const lines = gateway.logged();
    expect(lines.some((line) => line.includes('"event":"stopped"'))).toBe(true);
    expect(foundIn(Buffer.from(lines.join('\n')))).toEqual([]);
    // The gateway has sent the last of them before it was gone.
    expect(receiver.spans.map(({ name }) => name)).toContain('chunk');
    expect(foundIn(Buffer.from(receiver.bodies.join('\n')))).toEqual([]);
  });

  it("no line of PostgreSQL's log has them", async () => {
    const { rows } = await gateway.database.pool.query<{ data_directory: string }>('SHOW data_directory');
    const log = join(rows[0]?.data_directory ?? '', '..', 'postgres.log');
    expect(existsSync(log)).toBe(true);
    expect(foundIn(readFileSync(log))).toEqual([]);
  });

  it('no table of the exchange has them, in any column', async () => {
    const { pool } = gateway.database;
    const { rows: tables } = await pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    );
    // The register itself holds people in the clear, save for its sensitive class.
    const register = new Set(['person', 'person_match', 'identifier', 'value_history', 'relation']);
    const searched: string[] = [];
    for (const { name } of tables) {
      const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM "${name}"`);
      const bytes = Buffer.concat(
        rows.flatMap((row) =>
          Object.values(row).flatMap((value) =>
            Buffer.isBuffer(value)
              ? [value]
              : [Buffer.from(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? '')],
          ),
        ),
      );
      if (register.has(name)) continue;
      searched.push(name);
      expect(foundIn(bytes), name).toEqual([]);
      // Numbers of people as the database would hold them: 8 bytes, either way round.
      for (const id of [BigInt(KNOWN.id), BigInt(ASKED.id)]) {
        const [big, little, float] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
        big.writeBigUInt64BE(id);
        little.writeBigUInt64LE(id);
        float.writeDoubleLE(Number(id));
        for (const form of [big.subarray(3), little.subarray(0, 5), float.subarray(1)])
          expect(bytes.includes(form), name).toBe(false);
      }
    }
    expect(searched).toEqual(
      expect.arrayContaining([
        'log_entry',
        'log_index',
        'job',
        'job_chunk',
        'stored_answer',
        'request_key',
        'used_token',
        'change',
      ]),
    );
  });

  it('the person’s sensitive values stand sealed, in no column in the clear', async () => {
    const { rows } = await gateway.database.pool.query<{ text: string; sealed: Buffer }>(
      'SELECT person::text AS text, sealed FROM person WHERE personal_id = $1',
      [KNOWN.id],
    );
    for (const value of Object.values(SENSITIVE)) {
      expect(rows[0]?.text).not.toContain(value);
      expect(rows[0]?.sealed.includes(value)).toBe(false);
    }
  });

  it('there were entries, answers and a job to look at', async () => {
    const { rows } = await gateway.database.pool.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM log_entry WHERE persons IS NOT NULL)::int * (SELECT count(*) FROM stored_answer)::int * (SELECT count(*) FROM job)::int AS n`,
    );
    expect(rows[0]?.n).toBeGreaterThan(0);
  });
});
