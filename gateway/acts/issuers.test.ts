import { expect, test } from 'vitest';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import type { Act } from './act.ts';
import { BAR, NOW, OPTIONS, row } from './acts.test-support.ts';
import { type ActBook, issuerKeys, lostIssuerKeys } from './book.ts';
import { type ActRow, foldActs } from './fold-acts.ts';
import { countIssuers } from './issuers.ts';
import { proveKey } from './possession.ts';

test('an issuer takes two officers; its keys sign until they end, it retires or is barred, and what the log had stays', async () => {
  const [one, other] = [loadSigningKey(await generateSigningJwk()), loadSigningKey(await generateSigningJwk())];
  let acts = 0;
  const issuerAct = (kind: string, own?: SigningKey, more: object = {}): Act => {
    const of = { deployment: 'dev-tests', of: 'issuer', holder: 'e-id' } as const;
    const act = `${String(++acts).padStart(21, 'A')}A`;
    return {
      ...{ act, deployment: 'dev-tests', kind, issuer: 'e-id', ...more },
      ...(own === undefined
        ? {}
        : {
            key: own.publicJwk,
            proof: proveKey(
              createSigner({ key: own.key, kid: own.kid, issuer: 'e-id' }),
              { ...of, key: own.publicJwk },
              NOW,
            ),
          }),
    } as unknown as Act;
  };
  const names = { legal_entity: 'LE-E-ID', name_vi: 'Định danh điện tử', name_en: 'Electronic identity' };
  const admitted = row(issuerAct('issuer.admit', one, { ...names, key_until: NOW + 100 }), 0, 1);
  const further = row(issuerAct('issuer.key', other), 0, 1);
  const retired = row(issuerAct('issuer.retire'), 0);
  const barred = row({ ...BAR, act: 'EEEEEEEEEEEEEEEEEEEEEA', what: 'issuer', subject: 'e-id' }, 0);
  const lost = { what: 'key', subject: other.kid, compromised_from: NOW - 10 } as const;

  const fold = (...rows: ActRow[]) => foldActs(rows, OPTIONS);
  const signs = (book: ActBook, at: number) =>
    [one, other].map(({ kid }) => issuerKeys(book, 'e-id', at)(kid) !== undefined);
  const problems = (...rows: ActRow[]) => fold(...rows).refused.map(({ problem }) => problem);

  const open = fold(admitted, further);
  expect([open.refused, signs(open, NOW), signs(open, NOW + 100)]).toEqual([[], [true, true], [false, true]]);
  expect([countIssuers(open, NOW), countIssuers(fold(), NOW)]).toEqual([1, 0]);
  expect([NOW, NOW + 100].map((at) => countIssuers(fold(admitted), at))).toEqual([1, 0]);
  expect(issuerKeys(open, 'another', NOW)(one.kid)).toBeUndefined();
  for (const end of [retired, barred]) {
    const ended = fold(admitted, further, end);
    expect([signs(ended, NOW), lostIssuerKeys(ended)]).toEqual([[false, false], []]);
    expect(countIssuers(ended, NOW)).toBe(0);
    // Its code is nobody else's, and it does not come back.
    expect(problems(admitted, end, row(issuerAct('issuer.key', other), 0, 1))).toEqual(['STATE_WRONG']);
    expect(problems(admitted, end, row(issuerAct('issuer.admit', other, names), 0, 1))).toEqual(['STATE_WRONG']);
  }
  const robbed = fold(admitted, further, row({ ...BAR, act: 'FFFFFFFFFFFFFFFFFFFFFA', ...lost }, 0));
  expect([signs(robbed, NOW), lostIssuerKeys(robbed)]).toEqual([[true, false], [{ kid: other.kid, since: NOW - 10 }]]);

  expect(problems(row(issuerAct('issuer.admit', one, names), 0))).toEqual(['NOT_ALONE']);
  expect(problems(further)).toEqual(['STATE_WRONG']);
  expect(problems(admitted, row(issuerAct('issuer.key', one), 0, 1))).toEqual(['STATE_WRONG']);
  const unproven = issuerAct('issuer.key', other, {}) as Act & { proof: string };
  const borrowed = (issuerAct('issuer.key', one) as Act & { proof: string }).proof;
  expect(problems(admitted, row({ ...unproven, proof: borrowed } as Act, 0, 1))).toEqual(['PROOF_WRONG']);
});
