/** What may be asked for, and what is refused by name. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPeople } from '../../gateway/exchange/open-people.ts';
import { VOCABULARY } from '../../gateway/fields/vocabulary.ts';
import { decodePersonBody } from '../../gateway/proof/person-body.ts';
import { EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { Notice, PersonSchema, PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import {
  VerificationService,
  VerifyPersonRequestSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { contextOf, type RawCaller, type RawOutcome } from '../support/gateway-calls.ts';
import { PEOPLE } from '../support/gateway-people.ts';

const { verifyPerson, startJob, getJob, listJobs } = VerificationService.method;
const { getPerson } = PersonService.method;
const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const LIFE_STATUS = 44;

let gateway: TestGateway;
let viettel: RawCaller;
let moh: RawCaller;
let bank: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20 });
  [viettel, moh, bank] = [gateway.raw('viettel'), gateway.raw('moh'), gateway.raw('bank-demo')];
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const named = (outcome: RawOutcome) => outcome.refusal?.violations.map(({ field }) => field);
const person = (paths: readonly string[], rest: object = {}) =>
  moh.attempt(getPerson, { personalId: '901085000017', readMask: { paths: [...paths] }, ...rest });

function expectSigned(outcome: RawOutcome): void {
  expect(outcome.claims?.code).toBe(outcome.code);
  expect(outcome.claims?.leaf).toHaveLength(22);
}

describe('reading a person', () => {
  it('gives the fields that were asked for and granted, and no other', async () => {
    const { message } = await moh.call(getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['full_name', 'date_of_birth'] },
    });
    expect(message.person).toMatchObject({ fullName: 'Nguyễn Văn An', dateOfBirth: { year: 1985, month: 3, day: 27 } });
    expect(toBinary(PersonSchema, message.person as never)).toEqual(
      toBinary(PersonSchema, {
        ...fromBinary(PersonSchema, new Uint8Array()),
        fullName: message.person?.fullName ?? '',
        dateOfBirth: message.person?.dateOfBirth,
      } as never),
    );
  });

  it('by an old card number and by a superseded number as well', async () => {
    const read = { readMask: { paths: ['personal_id'] } };
    expect((await moh.call(getPerson, { personalId: '011000017', ...read })).message.person?.personalId).toBe(
      '901085000017',
    );
    const moved = (await moh.call(getPerson, { personalId: '901090000045', ...read })).message;
    expect(moved.person?.personalId).toBe('902090000046');
    expect(moved.notices).toEqual([Notice.ID_SUPERSEDED]);
    const dead = (await moh.call(getPerson, { personalId: String(PEOPLE.deceased.id), ...read })).message;
    expect(dead.notices).toEqual([Notice.DECEASED]);
  });

  it.each([
    ['deceased', String(PEOPLE.deceased.id), Notice.DECEASED, [3, LIFE_STATUS]],
    ['missing', String(PEOPLE.missing.id), Notice.MISSING, [3, LIFE_STATUS]],
    ['superseded', '901090000045', Notice.ID_SUPERSEDED, [1, 3]],
    ['nothing to be said', '901085000017', undefined, [3]],
  ] as const)('what a notice tells (%s) stands in the entry and in the leaf', async (_what, personalId, notice, fields) => {
    const asked = { personalId, readMask: { paths: ['date_of_birth'] } };
    const { message, outcome } = await moh.call(getPerson, asked);
    expect(message.notices).toEqual(notice === undefined ? [] : [notice]);
    const entryId = Buffer.from(outcome.claims?.leaf ?? '', 'base64url');
    const { rows } = await gateway.database.pool.query<Record<'entry' | 'persons' | 'personBodies', Buffer>>(
      'SELECT entry, persons, person_bodies AS "personBodies" FROM log_entry WHERE entry_id = $1',
      [entryId],
    );
    const keys = JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8'));
    const evidence = createSecretKey(Buffer.from(keys.evidence, 'base64url'));
    const opened = rows[0] && openPeople(evidence, entryId, rows[0]);
    expect(fromBinary(EntrySchema, rows[0]?.entry ?? Buffer.alloc(0)).releasedFields).toEqual(fields);
    expect(opened?.bodies.map((body) => decodePersonBody(body).released)).toEqual([fields]);
  });

  it('one ungranted field refuses the call and is named; nothing of the others is told', async () => {
    const outcome = await person(['full_name', 'religion', 'marital_status']);
    expect(outcome).toMatchObject({ code: PERMISSION_DENIED, reason: 'FIELD_NOT_GRANTED', message: undefined });
    expect(named(outcome)).toEqual(['religion', 'marital_status']);
    expectSigned(outcome);
  });

  it('allow_partial trims and says what it left out', async () => {
    const { message } = await moh.call(getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['full_name', 'religion', 'marital_status'] },
      allowPartial: true,
    });
    expect(message.person).toMatchObject({ fullName: 'Nguyễn Văn An', religion: '', maritalStatus: 0 });
    expect(message.refused.map(({ path }) => path)).toEqual(['religion', 'marital_status']);
  });

  it('allow_partial with nothing granted is a refusal', async () => {
    const outcome = await person(['religion'], { allowPartial: true });
    expect(outcome).toMatchObject({ code: PERMISSION_DENIED, reason: 'FIELD_NOT_GRANTED', message: undefined });
  });

  it.each([
    ['fullName'],
    ['full_name.given'],
    ['sealed'],
    ['person_no'],
    ['*'],
    [''],
    ['permanent_address.provinces'],
    ['__proto__'],
    ['constructor'],
  ])('the path %j is unknown: refused, also with allow_partial', async (path) => {
    for (const allowPartial of [false, true]) {
      const outcome = await person(['full_name', path], { allowPartial });
      expect(outcome).toMatchObject({ code: INVALID_ARGUMENT, message: undefined });
      expect(outcome.reason).toMatch(/^(FIELD_UNKNOWN|BAD_REQUEST)$/);
      expect(outcome.refusal?.violations).toHaveLength(1);
      expectSigned(outcome);
    }
  });

  it('every field of the vocabulary that the agreement does not name is refused, one by one', async () => {
    const granted = new Set([1, 2, 3, 4, 5, 11, 13, 28, 29, 30]);
    for (const { id, path } of VOCABULARY.fields) {
      const outcome = await person([path]);
      if (granted.has(id)) expect(outcome.code, path).toBe(0);
      else expect([outcome.reason, named(outcome)], path).toEqual(['FIELD_NOT_GRANTED', [path]]);
    }
  });

  it('an empty mask asks for nothing and is refused', async () => {
    const outcome = await person([]);
    expect(outcome).toMatchObject({ code: INVALID_ARGUMENT, reason: 'BAD_REQUEST' });
  });

  it('nobody of this number, several of this number, no number at all', async () => {
    const readMask = { paths: ['full_name'] };
    const none = await moh.attempt(getPerson, { personalId: '999999999999', readMask });
    expect(none).toMatchObject({ code: 5, reason: 'PERSON_NOT_FOUND' });
    const several = await moh.attempt(getPerson, { personalId: '023456789', readMask });
    expect(several).toMatchObject({ code: 9, reason: 'PERSON_AMBIGUOUS' });
    for (const personalId of ['', 'x', '12', "901085000017' OR 1=1"]) {
      const outcome = await moh.attempt(getPerson, { personalId, readMask });
      expect(outcome).toMatchObject({ code: INVALID_ARGUMENT, reason: 'BAD_REQUEST' });
      expect(named(outcome)).toEqual(['personal_id']);
    }
  });
});

describe('methods, purposes, context', () => {
  it('a telco may not read people, a ministry may not open jobs', async () => {
    const read = await viettel.attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] } });
    expect(read).toMatchObject({ code: PERMISSION_DENIED, reason: 'NOT_AGREED', message: undefined });
    const job = await moh.attempt(startJob, { chunkRows: 256, fileDigest: randomBytes(32) });
    expect(job).toMatchObject({ code: PERMISSION_DENIED, reason: 'NOT_AGREED' });
    expect((await bank.attempt(listJobs, {})).reason).toBe('NOT_AGREED');
  });

  it.each([
    'patient-record',
    'account-opening',
    'anything',
    'subscriber-verification-2',
  ])("a purpose of somebody else's or nobody's: %j", async (purpose) => {
    const outcome = await viettel.attempt(verifyPerson, {
      ...AN,
      context: { ...contextOf(viettel.identity), purpose },
    });
    expect(outcome).toMatchObject({ code: PERMISSION_DENIED, reason: 'NOT_AGREED', message: undefined });
    expectSigned(outcome);
  });

  it('a code that a name of a person could stand in is none, and is not logged', async () => {
    const context = { ...contextOf(viettel.identity), caseRef: 'Nguyễn Văn An' };
    const outcome = await viettel.attempt(verifyPerson, { ...AN, context });
    expect(outcome.reason).toBe('BAD_REQUEST');
    expect(outcome.refusal?.violations.map(({ field }) => field)).toEqual(['context.case_ref']);
    expectSigned(outcome);
  });

  it.each([
    ['case_ref', { caseRef: '901085000017' }],
    ['case_ref', { caseRef: 'HS-901.085.000.017' }],
    ['unit_code', { unitCode: 'NguyenVanAn-901085000017' }],
    ['service_code', { serviceCode: 'CMND/012345678' }],
  ])('a %s that may hold a number of a person is refused by that rule, and nothing of it is logged: %j', async (name, change) => {
    const outcome = await moh.attempt(getPerson, {
      personalId: '901085000017',
      readMask: { paths: ['full_name'] },
      context: { ...contextOf(moh.identity), ...change },
    });
    expect(outcome).toMatchObject({ code: INVALID_ARGUMENT, reason: 'BAD_REQUEST', message: undefined });
    expect(outcome.refusal?.violations).toMatchObject([{ field: `context.${name}`, rule: 'PERSONS_NUMBER' }]);
    expectSigned(outcome);
    const { rows } = await gateway.database.pool.query('SELECT FROM log_entry WHERE position($1::bytea IN entry) > 0', [
      Buffer.from(Object.values(change)[0] ?? ''),
    ]);
    expect(rows).toEqual([]);
  });

  it('a file number with a year apart stands in the log as it was sent', async () => {
    const context = { ...contextOf(moh.identity), caseRef: 'HS-2026-000123', unitCode: '000.00.01.H29' };
    await moh.call(getPerson, { personalId: '901085000017', readMask: { paths: ['full_name'] }, context });
    const { rows } = await gateway.database.pool.query('SELECT FROM log_entry WHERE position($1::bytea IN entry) > 0', [
      Buffer.from('HS-2026-000123'),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('a part of the context that the agreement demands', async () => {
    const context = { ...contextOf(moh.identity), officerCode: '' };
    const outcome = await person(['full_name'], { context });
    expect(outcome).toMatchObject({ code: PERMISSION_DENIED, reason: 'CONTEXT_MISSING' });
    expect(named(outcome)).toEqual(['context.officer_code']);
  });

  it('no context, no blind, a blind of another length: each named, together', async () => {
    const empty = await viettel.sign(
      verifyPerson,
      toBinary(VerifyPersonRequestSchema, fromBinary(VerifyPersonRequestSchema, new Uint8Array())),
    );
    expect(empty).toMatchObject({ code: INVALID_ARGUMENT, reason: 'BAD_REQUEST' });
    expect(named(empty)).toEqual(['blind', 'context']);
    for (const length of [0, 15, 17, 4096]) {
      expect(named(await viettel.attempt(verifyPerson, { ...AN, blind: randomBytes(length) }))).toEqual(['blind']);
    }
  });

  it.each([
    ['request_id', { requestId: 'short' }],
    ['request_id', { requestId: 'with a space in it' }],
    ['request_id', { requestId: 'x'.repeat(65) }],
    ['purpose', { purpose: '' }],
    ['service_code', { serviceCode: 'x'.repeat(65) }],
    ['unit_code', { unitCode: 'line\nbreak' }],
    ['officer_code', { officerCode: '<script>' }],
    ['case_ref', { caseRef: '\u202e' }],
  ])('a context whose %s breaks a rule: BAD_REQUEST names it', async (name, change) => {
    const outcome = await viettel.attempt(verifyPerson, {
      ...AN,
      context: { ...contextOf(viettel.identity), ...change },
    });
    expect(outcome).toMatchObject({ code: INVALID_ARGUMENT, reason: 'BAD_REQUEST' });
    expect(new Set(named(outcome))).toEqual(new Set([`context.${name}`]));
    expectSigned(outcome);
  });

  it('a mask of a verification names other fields than it compares, or too few', async () => {
    const masked = (paths: string[]) => viettel.attempt(verifyPerson, { ...AN, matchMask: { paths } });
    expect((await masked(['personal_id', 'full_name', 'date_of_birth'])).code).toBe(0);
    expect(named(await masked(['personal_id', 'full_name', 'date_of_birth', 'religion']))).toEqual(['religion']);
    expect(named(await masked(['personal_id', 'full_name']))).toEqual(['date_of_birth']);
    expect((await masked(['personal_id', 'full_name', 'date_of_birth', 'nonsense'])).reason).toBe('FIELD_UNKNOWN');
  });

  it.each([0, 1, 255, 257, 1000, 16_384, 4_294_967_295])('a job of chunks of %i rows', async (chunkRows) => {
    const outcome = await viettel.attempt(startJob, { chunkRows, fileDigest: randomBytes(32) });
    expect(named(outcome)).toEqual(['chunk_rows']);
  });

  it.each([0, 31, 33])('a digest of a file of %i bytes', async (bytes) => {
    const outcome = await viettel.attempt(startJob, { chunkRows: 256, fileDigest: randomBytes(bytes) });
    expect(named(outcome)).toEqual(['file_digest']);
  });

  it('a job that names no columns is opened, and one that names too many or too long ones is not', async () => {
    const start = (columns: string[]) =>
      viettel.attempt(startJob, { chunkRows: 256, columns, fileDigest: randomBytes(32) });
    expect((await start([])).code).toBe(0);
    expect((await start(Array.from({ length: 64 }, () => 'x'.repeat(128)))).code).toBe(0);
    expect(named(await start(Array.from({ length: 65 }, () => 'x')))).toEqual(['columns']);
    expect(named(await start(['x'.repeat(129)]))).toEqual(['columns']);
  });

  it.each([
    ['encoding', { encoding: 'UTF-8\u001b[2J' }],
    ['name_width', { nameWidth: 201 }],
    ['name_width', { nameWidth: 11 }],
  ])('a file profile whose %s nobody could mean', async (field, fileProfile) => {
    const outcome = await viettel.attempt(startJob, { chunkRows: 256, fileDigest: randomBytes(32), fileProfile });
    expect(named(outcome)).toEqual([`file_profile.${field}`]);
  });

  it.each(['', 'x', 'A'.repeat(32), `${'a'.repeat(31)}g`, "' OR true --"])('a job id %j', async (jobId) => {
    expect(named(await viettel.attempt(getJob, { jobId }))).toEqual(['job_id']);
  });
});
