/** What is told to whom: a bank that is told no more than yes, a telco that is told what differs. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERDICTS } from '../../gateway/matching/index.ts';
import { BASES, decodePersonBody } from '../../gateway/proof/person-body.ts';
import { loadKeyRing } from '../../gateway/sealing/key-ring.ts';
import { unseal } from '../../gateway/sealing/seal.ts';
import { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import {
  VerificationService,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { PEOPLE } from '../support/gateway-people.ts';

const { verifyPerson } = VerificationService.method;

let gateway: TestGateway;
let viettel: RawCaller;
let bank: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20 });
  [viettel, bank] = [gateway.raw('viettel'), gateway.raw('bank-demo')];
});
afterAll(() => gateway?.stop());

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

describe('a bank: all or nothing, under consent', () => {
  const ask = (init: object) => bank.attempt(verifyPerson, { ...AN, ...init });

  it('is told NOT_CONFIRMED alike for agreement without consent, mismatch, stranger, shared number: no results, no reasons, equal size', async () => {
    const cases = [
      {},
      { fullName: 'Trần Quốc Toản', dateOfBirth: '1999-01-02' },
      { idNumber: '999999999999' },
      { idNumber: '023456789', fullName: 'Vũ Thị Hoa', dateOfBirth: '1988-08-08' },
      { idNumber: String(PEOPLE.deceased.id), fullName: PEOPLE.deceased.name, dateOfBirth: '1950-06-12' },
      { idNumber: String(PEOPLE.cancelled.id), fullName: PEOPLE.cancelled.name, dateOfBirth: '1960-04-04' },
    ];
    const sizes = new Set<number>();
    for (const init of cases) {
      const outcome = await ask(init);
      expect(outcome.code).toBe(0);
      const told = fromBinary(VerifyPersonResponseSchema, outcome.message ?? new Uint8Array());
      expect(told).toMatchObject({
        verdict: 10,
        idResult: 0,
        nameResult: 0,
        birthDateResult: 0,
        reasons: [],
        notices: [],
        currentId: '',
      });
      expect(told.score).toBeUndefined();
      expect(told.nameScore).toBeUndefined();
      sizes.add(outcome.message?.length ?? 0);
      expect(outcome.claims?.rev?.agreement).toBe('bank-demo-account-opening:2');
    }
    expect(sizes.size).toBe(1);
  });

  it('a row that cannot be read is INVALID: that speaks of the row, not of the register', async () => {
    const told = fromBinary(VerifyPersonResponseSchema, (await ask({ idNumber: 'x' })).message ?? new Uint8Array());
    expect(told.verdict).toBe(6);
    expect(told.reasons).toEqual([]);
  });

  it('the log says of each that there was no consent and nothing was disclosed, with as many leaves for nobody as for two', async () => {
    const ring = loadKeyRing(JSON.parse(readFileSync(join(gateway.folder, 'gateway', 'storage-keys.json'), 'utf8')));
    const seen = new Set<string>();
    for (const idNumber of [AN.idNumber, '999999999999', '023456789']) {
      const leaf = Buffer.from((await ask({ idNumber })).claims?.leaf ?? '', 'base64url');
      const { rows } = await gateway.database.pool.query<{ bodies: Buffer }>(
        'SELECT person_bodies AS bodies FROM log_entry WHERE entry_id = $1',
        [leaf],
      );
      const packed = unseal(
        ring.evidence,
        Buffer.concat([leaf, Buffer.from('bodies')]),
        rows[0]?.bodies ?? Buffer.alloc(0),
      );
      if (packed === undefined) throw new Error('the bodies do not open');
      seen.add(packed.toString('hex'));
      for (let at = 0; at < packed.length; at += 2 + packed.readUInt16BE(at)) {
        const body = decodePersonBody(packed.subarray(at + 2, at + 2 + packed.readUInt16BE(at)));
        expect(body).toMatchObject({
          outcome: VERDICTS.CONSENT_MISSING,
          basis: BASES.none,
          released: [],
          matched: [],
          mismatched: [],
          notAvailable: [],
        });
      }
    }
    expect(seen.size).toBe(1);
  });
});

describe('what a telco is told', () => {
  it('field results, reasons and scores where a field differs; the number now in use', async () => {
    const { message } = await viettel.call(verifyPerson, { ...AN, dateOfBirth: '1986-03-27' });
    expect([1, 2, 3]).toContain(message.verdict);
    expect(message).toMatchObject({ idResult: 1, nameResult: 1, birthDateResult: 2 });
    expect(message.reasons.length).toBeGreaterThan(0);
    expect(message.score).toBeLessThan(100);
    const moved = await viettel.call(verifyPerson, {
      idNumber: '901090000045',
      fullName: 'Phạm Thị Dung',
      dateOfBirth: '1990-02-15',
    });
    expect(moved.message).toMatchObject({ verdict: 1, currentId: '902090000046', notices: [Notice.ID_SUPERSEDED] });
  });
});
