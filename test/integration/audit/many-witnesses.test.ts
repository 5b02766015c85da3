/** More agencies cosign a head of the log than a signed note has lines for: all provinces, ministries and banks of a country. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHeads } from '../../../gateway/audit/heads.ts';
import { createWitnesses, type Witnesses } from '../../../gateway/audit/witnesses.ts';
import type { Caller } from '../../../gateway/exchange/authenticate.ts';
import { parseCheckpoint } from '../../../gateway/proof/checkpoint.ts';
import { cosign, cosignersOf, type Witness, witnessName } from '../../../gateway/proof/cosignature.ts';
import { generateSigningJwk, loadSigningKey } from '../../../gateway/signing/key-store.ts';
import { keyLookup, verificationKeyOf } from '../../../gateway/signing/public-key.ts';
import { AuditService } from '../../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { VerificationService } from '../../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { callOpen } from '../../support/gateway-calls.ts';

const AGENCIES = 80;

let gateway: TestGateway;
let origin: string;
let witnesses: Witnesses;
const now = () => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  gateway = await startTestGateway();
  const { logOrigin, secrets } = gateway.deployment;
  origin = logOrigin;
  const { pool } = gateway.database;
  const key = createPrivateKey(readFileSync(join(gateway.folder, 'gateway', 'log-key.pem')));
  const heads = createHeads({
    ...{ db: pool, origin, path: join(gateway.folder, 'none') },
    keys: { key, publicKey: createPublicKey(secrets.logPublicKey), known: [] },
  });
  witnesses = createWitnesses({ db: pool, heads, origin, needed: 2, nowSeconds: now });
  const row = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
  await gateway.raw('viettel').call(VerificationService.method.verifyPerson, row);
});
afterAll(() => gateway?.stop());

/** An agency as the gateway knows it, with the key that it signs with. */
async function agencyOf(n: number, legalEntity: string) {
  const agency = `agency-${String(n).padStart(3, '0')}`;
  const { key: privateKey, kid, publicJwk } = loadSigningKey(await generateSigningJwk());
  const keys = keyLookup([verificationKeyOf(publicJwk, agency)]);
  const caller: Caller = { agency, legalEntity, certificate: '', keys };
  const publicKey = createPublicKey(privateKey);
  const witness: Witness = { name: witnessName(origin, agency), key: publicKey };
  return { caller, witness, kid, pair: { privateKey, publicKey } };
}

test('the head is shown all the same, to witnesses too, with as many cosignatures as fit, of as many organisations', async () => {
  // Agencies of one organisation come first by name.
  const agencies = await Promise.all(
    Array.from({ length: AGENCIES }, (_, n) => agencyOf(n, n < 70 ? 'ONE' : `ENTITY-${n}`)),
  );
  const shown = await callOpen(gateway.raw('viettel'), AuditService.method.getTreeHead, {});
  const { head } = parseCheckpoint(shown.message?.offered ?? '');
  const outcomes = await Promise.allSettled(
    agencies.map(({ caller, witness, kid, pair }) =>
      witnesses.add(caller, head.size, cosign(head, witness.name, pair, now()), kid),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);

  const { message, outcome } = await callOpen(gateway.raw('mobifone'), AuditService.method.getTreeHead, {});
  expect(outcome.reason ?? outcome.text).toBe('');
  for (const text of [message?.offered ?? '', message?.witnessed ?? '']) {
    const note = parseCheckpoint(text);
    expect([note.head, note.signatures.length]).toEqual([head, 64]);
    const cosigners = cosignersOf(
      note,
      agencies.map(({ witness }) => witness),
    )?.map(({ name }) => name);
    const organisations = agencies
      .filter(({ witness }) => cosigners?.includes(witness.name))
      .map(({ caller }) => caller.legalEntity);
    expect(new Set(organisations).size).toBe(11);
  }
});
