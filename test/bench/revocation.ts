/** How soon what is approved or revoked reaches a gateway that runs, its idle streams included: the worst of some rounds. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadProfile, purposeOf } from '../../connectors/kit/profile.ts';
import { loadCertificateAuthority } from '../../gateway/development/certificates.ts';
import { createEnrolment } from '../../gateway/development/enrol.ts';
import { loadSigningKey } from '../../gateway/signing/key-store.ts';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { createRawCaller, type Identity } from '../support/gateway-calls.ts';
import { openTestStream, startJob } from '../support/gateway-stream.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { startGateway } from './gateway.ts';
import { median, rounded } from './stats.ts';

/** What is promised, milliseconds. */
const PROMISED = 2_000;
const ROUNDS = 8;
const LOOK_MS = 10;
const GIVE_UP_MS = 10_000;
const { verifyPerson } = VerificationService.method;
const PERSON = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

export async function revocation({ register: open, cleanup, say }: BenchContext): Promise<readonly Figure[]> {
  const register = await open();
  const own = (name: string) => readFileSync(join(dirname(register.configPath), name), 'utf8');
  const ca = await loadCertificateAuthority({ certificate: own('ca.pem'), key: own('ca-key.pem') });
  const gatewayKey = loadSigningKey(JSON.parse(own('signing.jwk.json')));
  const profile = await loadProfile(register.otherProfile);
  const { agency, deployment, signingKey, context } = profile;
  const port = Number(profile.address.split(':').at(-1));
  const enrolment = createEnrolment({ pool: register.pool });
  const gateway = await startGateway({ configPath: register.configPath, cleanup });

  async function round(): Promise<{ readonly approved: number; readonly revoked: number }> {
    const issued = await ca.issueClient(agency);
    const identity: Identity = {
      ...{ agency, deployment, signingKey, ca: profile.ca.toString(), purpose: purposeOf(profile) },
      ...{ certificate: issued.certificate, key: issued.key },
      context: { service_code: context.serviceCode, unit_code: context.unitCode, officer_code: context.officerCode },
    };
    const caller = createRawCaller(identity, { port, gatewayKey });
    try {
      await enrolment.addCertificate({ agency, ...issued });
      const approved = await since(async () => (await caller.attempt(verifyPerson, PERSON)).code === 0);
      // It says nothing: that it was revoked reaches it by nothing that it does.
      const stream = openTestStream(caller, await startJob(caller));
      await stream.open();
      let ended = false;
      stream.ended.then(() => {
        ended = true;
      });
      await enrolment.barCertificate(issued.fingerprint);
      return { approved, revoked: await since(() => ended) };
    } finally {
      caller.close();
    }
  }

  // The first of all also waits for what is compiled at its first use.
  await round();
  const rounds: { readonly approved: number; readonly revoked: number }[] = [];
  for (let at = 0; at < ROUNDS; at++) {
    rounds.push(await round());
    // Where in the gateway's own second it falls differs from round to round.
    await sleep(randomBytes(1).readUInt8());
  }
  await gateway.stop();
  await register.pool.query("UPDATE job SET active_at = active_at - interval '8 days'");
  return (['approved', 'revoked'] as const).map((what) => {
    const figure = figureOf(
      what,
      rounds.map((one) => one[what]),
    );
    say(`${figure.name}: ${figure.notes?.join(' ') ?? ''}`);
    return figure;
  });
}

/** Milliseconds until it holds. */
async function since(holds: () => boolean | Promise<boolean>): Promise<number> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > GIVE_UP_MS) throw new Error('it did not reach the gateway');
    await sleep(LOOK_MS);
  }
  return performance.now() - from;
}

function figureOf(what: 'approved' | 'revoked', times: readonly number[]): Figure {
  const worst = Math.max(...times);
  return {
    name: what === 'approved' ? 'approval-reaches-calls' : 'revocation-ends-streams',
    ratio: rounded(PROMISED / worst),
    value: rounded(worst, 4),
    unit: 'ms',
    baseline: PROMISED,
    gate: 1,
    goal: null,
    notes: [`worst of ${times.length} rounds ${worst.toFixed(0)} ms, median ${median(times).toFixed(0)} ms`],
  };
}
