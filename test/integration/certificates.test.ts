/** Who may speak at all: the certificate of the connection, checked on each call and each chunk. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificateAuthority, loadCertificateAuthority } from '../../gateway/development/certificates.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { ServerService } from '../../proto/gen/lienthong/server/v1/server_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { fingerprintOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callOpen, type Identity, type RawCaller } from '../support/gateway-calls.ts';
import { PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, openTestStream, rowOf, startJob } from '../support/gateway-stream.ts';
import { withinLooks } from '../support/looks.ts';

const { verifyPerson } = VerificationService.method;
const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const UNAUTHENTICATED = 16;
const UNAVAILABLE = 14;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

/** The telco's keys behind another certificate. */
const behind = (certificate: { certificate: string; key: string } | undefined): Identity => ({
  ...gateway.identity('viettel'),
  certificate: certificate?.certificate,
  key: certificate?.key,
});

/** A call that must not reach anybody: the connection itself is refused, so nothing is signed and nothing is told. */
async function expectNoConnection(identity: Identity): Promise<void> {
  const outcome = await gateway.raw(identity).attempt(verifyPerson, AN);
  expect(outcome).toMatchObject({ code: UNAVAILABLE, message: undefined, refusal: undefined, signature: undefined });
}

/** Once the gateway has read that the certificate was enrolled. */
const expectServed = (caller: RawCaller) =>
  expect.poll(async () => (await caller.attempt(verifyPerson, AN)).code).toBe(0);

describe('certificates', () => {
  it('the enrolled certificate of an agency is served', async () => {
    const { message } = await gateway.raw('viettel').call(verifyPerson, AN);
    expect(message.verdict).toBe(1);
  });

  it('no certificate: no connection', () => expectNoConnection(behind(undefined)));

  it("another authority's certificate: no connection, whatever name stands in it", async () => {
    const foreign = await loadCertificateAuthority(await createCertificateAuthority(gateway.deployment.id));
    await expectNoConnection(behind(await foreign.issueClient('viettel')));
  });

  it('an expired certificate: no connection, though the right authority issued and the operator enrolled it', async () => {
    const { ca } = gateway.deployment.secrets;
    const expired = await ca.issueClient('viettel', { notAfter: new Date(Date.now() - 1000) });
    await createEnrolment({ pool: gateway.database.pool }).addCertificate({ agency: 'viettel', ...expired });
    await expectNoConnection(behind(expired));
  });

  it('a certificate of the right authority that was never enrolled: CERTIFICATE_UNKNOWN, unsigned, for there is nobody to sign to', async () => {
    const stranger = gateway.raw(behind(await gateway.deployment.secrets.ca.issueClient('viettel')));
    const outcome = await stranger.attempt(verifyPerson, AN);
    expect(outcome).toMatchObject({ code: UNAUTHENTICATED, reason: 'CERTIFICATE_UNKNOWN', signature: undefined });
    const open = await callOpen(stranger, ServerService.method.getServerInfo, {});
    expect(open.outcome.reason).toBe('CERTIFICATE_UNKNOWN');
  });

  it("another agency's certificate: its keys count, not the signer's", async () => {
    const { certificate, key } = gateway.identity('mobifone');
    const outcome = await gateway.raw({ ...gateway.identity('viettel'), certificate, key }).attempt(verifyPerson, AN);
    expect(outcome).toMatchObject({ code: UNAUTHENTICATED, reason: 'KEY_UNKNOWN' });
  });

  it('a certificate that expires while its connection stands is refused on the next call', async () => {
    const notAfter = new Date(Date.now() + 8000);
    const soon = await gateway.deployment.secrets.ca.issueClient('viettel', { notAfter });
    await createEnrolment({ pool: gateway.database.pool }).addCertificate({ agency: 'viettel', ...soon });
    const caller = gateway.raw(behind(soon));
    await expectServed(caller);
    // Certificates end on a whole second.
    await sleep(notAfter.getTime() + 1000 - Date.now());
    expect(await caller.attempt(verifyPerson, AN)).toMatchObject({
      code: UNAUTHENTICATED,
      reason: 'CERTIFICATE_UNKNOWN',
    });
  });

  it('a certificate revoked mid-stream ends the stream within two seconds, and its last answers are from before', async () => {
    const { ca } = gateway.deployment.secrets;
    const enrolment = createEnrolment({ pool: gateway.database.pool });
    const own = await ca.issueClient('viettel');
    await enrolment.addCertificate({ agency: 'viettel', ...own });
    const caller = gateway.raw(behind(own));
    await expectServed(caller);
    const job = await startJob(caller);
    const stream = openTestStream(caller, job);
    await stream.open();
    stream.chunk(0, chunkPayload(0, [rowOf(PEOPLE.an)]));
    await stream.answer();

    await enrolment.barCertificate(fingerprintOf(own.certificate));
    // The very next chunk: whether the poll has seen the change or not, the append has.
    stream.chunk(1, chunkPayload(1, [rowOf(PEOPLE.an)]));
    let end: object | undefined;
    stream.ended.then((ended) => {
      end = ended;
    });
    const other = gateway.raw('mobifone');
    await withinLooks(async () => {
      await other.attempt(verifyPerson, AN);
      expect(end).toMatchObject({ code: UNAUTHENTICATED, reason: 'REVOKED' });
    });
    expect(await stream.next()).toBeUndefined();
    // A call after that is refused as well, and the other certificate of the agency still serves.
    expect((await caller.attempt(verifyPerson, AN)).reason).toBe('REVOKED');
    expect((await gateway.raw('viettel').attempt(verifyPerson, AN)).code).toBe(0);
  });

  it('a barred signing key and a barred agency are refused at once, in the append at the latest', async () => {
    const enrolment = createEnrolment({ pool: gateway.database.pool });
    const vinaphone = gateway.raw('vinaphone');
    expect((await vinaphone.attempt(verifyPerson, AN)).code).toBe(0);
    await enrolment.barKey(vinaphone.identity.signingKey.kid);
    expect((await vinaphone.attempt(verifyPerson, AN)).reason).toMatch(/^(REVOKED|KEY_UNKNOWN)$/);
    const mobifone = gateway.raw('mobifone');
    expect((await mobifone.attempt(verifyPerson, AN)).code).toBe(0);
    await enrolment.barAgency('mobifone');
    expect((await mobifone.attempt(verifyPerson, AN)).reason).toBe('REVOKED');
  });
});
