/** Officers whom somebody wrote into the database: against a whole gateway, what they sign opens nothing and is reported. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { signByAll } from '../../gateway/development/four-eyes.ts';
import { readAgreementFiles } from '../../gateway/policy/files.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const { getPerson } = PersonService.method;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 0 });
});
afterAll(() => gateway?.stop());

const ethnicity = () =>
  gateway.raw('moh').attempt(getPerson, { personalId: '901085000017', readMask: { paths: ['ethnicity'] } });
const logged = (event: string) =>
  gateway
    .logged()
    .map((line) => JSON.parse(line) as { event?: string; problem?: string; count?: number; level?: number })
    .filter((line) => line.event === event);

async function intruder(code: string) {
  const { key, kid, publicJwk } = loadSigningKey(await generateSigningJwk());
  await createEnrolment({ pool: gateway.database.pool }).addOfficer({ code, jwk: publicJwk });
  return { code, kid, publicJwk, signer: createSigner({ key, kid, issuer: 'gateway' }) };
}

test('two officers enrolled by SQL cannot grant a field: their agreement is not loaded, and logged', async () => {
  expect((await ethnicity()).reason).toBe('FIELD_NOT_GRANTED');
  const officers = [await intruder('intruder-1'), await intruder('intruder-2')];
  const { agreements } = await readAgreementFiles('policies');
  const ours = agreements.find(({ agency }) => agency === 'moh');
  if (ours?.fields['1'] === undefined) throw new Error('no such agreement');
  // Id 9 is ethnicity, which the real agreement does not grant.
  const greedy = { ...ours, version: ours.version + 1, fields: { ...ours.fields, 9: ours.fields['1'] } };
  const { body, signatures } = signByAll(officers, greedy, gateway.deployment.id);
  await gateway.database.pool.query(
    'INSERT INTO agreement (id, version, agency, purpose, body, signatures) VALUES ($1, $2, $3, $4, $5, $6)',
    [greedy.id, greedy.version, greedy.agency, greedy.purpose, Buffer.from(body), signatures],
  );
  await gateway.database.pool.query(`INSERT INTO change (kind, subject) VALUES ('agreement', $1)`, [greedy.id]);

  await vi.waitFor(() => expect(logged('an agreement was refused')).toHaveLength(1), { timeout: 5000 });
  expect(logged('an agreement was refused')).toMatchObject([{ problem: 'SIGNER_NOT_PINNED' }]);
  expect(logged('officers are enrolled whom the configuration does not name').at(-1)).toMatchObject({ count: 2 });
  expect(logged('the configuration names none of the officers: nobody is served')).toEqual([]);
  expect((await ethnicity()).reason).toBe('FIELD_NOT_GRANTED');

  // The very same rows, read by a gateway whose configuration names nobody: so it is the list that keeps the door shut.
  const { officers: _, ...unpinned } = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8'));
  writeFileSync(gateway.deployment.configPath, JSON.stringify(unpinned), { mode: 0o600 });
  await gateway.restart();
  expect((await ethnicity()).code).toBe(0);
});

test('a gateway whose configuration names other keys than the officers have says so when it starts, and serves nobody', async () => {
  const keys = [await generateSigningJwk(), await generateSigningJwk()];
  const officers = keys.map((jwk) => loadSigningKey(jwk).kid);
  const config = JSON.parse(readFileSync(gateway.deployment.configPath, 'utf8')) as object;
  writeFileSync(gateway.deployment.configPath, JSON.stringify({ ...config, officers }), { mode: 0o600 });
  await gateway.restart();
  expect(logged('the configuration names none of the officers: nobody is served')).toMatchObject([{ level: 50 }]);
  expect((await ethnicity()).reason).toBe('NOT_AGREED');
});
