/** The whole pipeline of unary calls in one process: real stages, real policy, a register and a log of the test's own. */
import { createSecretKey } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { createAuthenticate } from '../../gateway/exchange/authenticate.ts';
import { createConsent, type FindConsents } from '../../gateway/exchange/consent.ts';
import { createDecide } from '../../gateway/exchange/decide.ts';
import type { RecordKeys } from '../../gateway/exchange/entry-parts.ts';
import { createFetch } from '../../gateway/exchange/fetch.ts';
import { createFilter } from '../../gateway/exchange/filter.ts';
import { createFlights } from '../../gateway/exchange/flights.ts';
import { OPEN_GUARD, UNITS } from '../../gateway/exchange/guard.test-support.ts';
import type { AppendItem } from '../../gateway/exchange/log-port.ts';
import type { RegisterLookup } from '../../gateway/exchange/lookup-port.ts';
import { createUnaryExchange, type Stages } from '../../gateway/exchange/pipeline.ts';
import type { UnaryAnswer, UnaryPort } from '../../gateway/exchange/ports.ts';
import { createRecord } from '../../gateway/exchange/record.ts';
import { createRefuseCall } from '../../gateway/exchange/refuse-call.ts';
import { openDecision } from '../../gateway/exchange/seal-decision.ts';
import { createSign } from '../../gateway/exchange/sign.ts';
import { createVerifyCall } from '../../gateway/exchange/verify-call.ts';
import type { UnaryMethod } from '../../gateway/exchange/work.ts';
import { isSensitive, pathOf } from '../../gateway/fields/vocabulary.ts';
import type { Agreement } from '../../gateway/policy/agreement.ts';
import type { Decision } from '../../gateway/policy/decision.ts';
import type { PolicyHost } from '../../gateway/policy/host.ts';
import { decodePersonBody, type PersonBody } from '../../gateway/proof/person-body.ts';
import { unseal } from '../../gateway/sealing/seal.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import type { RecipientKey } from '../../gateway/signing/encryption-key.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { keyLookup, verificationKeyOf } from '../../gateway/signing/public-key.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { type Entry, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';

const key = createSecretKey(Buffer.alloc(32, 5));
const KEYS: RecordKeys = { 'log-key': key, answer: key, decision: key, evidence: key, pseudonym: key };
const DEPLOYMENT = 'dev-tests';
const FINGERPRINT = 'ab'.repeat(32);

/** What was recorded of one call. */
export interface Recorded {
  readonly entry: Entry;
  /** As sealed beside the entry, opened by the digest in it. */
  readonly decision: Decision | undefined;
  readonly people: readonly PersonBody[];
}

/** Somebody's consent, and the fields that it covers. */
export interface GivenConsent {
  readonly personNo: number;
  readonly fieldIds: readonly number[];
}

function findIn(given: () => readonly GivenConsent[]): FindConsents {
  return async ({ fields }, personNos) => ({
    ...{ revision: 1n, usedUp: 0, until: Number.POSITIVE_INFINITY },
    people: new Map(
      [...personNos].flatMap((personNo) => {
        const theirs = given().filter((one) => one.personNo === personNo);
        const missing = fields.filter((id) => !theirs.some(({ fieldIds }) => fieldIds.includes(id)));
        return theirs.length === 0 ? [] : [[personNo, { scopeNo: personNo, missing, counted: [] }] as const];
      }),
    ),
  });
}

export interface TestExchange {
  /** Signed as the agency would; resolves to what it got, and to what the log was given for it. */
  call(method: string, message: Uint8Array): Promise<{ answer: Awaited<ReturnType<UnaryPort>>; recorded: Recorded }>;
}

export async function createTestExchange(options: {
  readonly host: () => PolicyHost;
  readonly agency: Pick<Agreement, 'agency'> & { readonly legalEntity: string };
  readonly methods: readonly UnaryMethod[];
  readonly lookup: RegisterLookup;
  /** Consents in force, to this agency for whatever purpose. */
  readonly consents: () => readonly GivenConsent[];
  /** What answers are encrypted to; none where it is not given. */
  readonly encryptionKey?: () => RecipientKey | undefined;
  readonly now: number;
}): Promise<TestExchange> {
  const { host, agency, methods, lookup, now } = options;
  const [theirs, ours] = [loadSigningKey(await generateSigningJwk()), loadSigningKey(await generateSigningJwk())];
  const items: AppendItem[] = [];
  const nowSeconds = () => now;
  const caller = {
    agency: agency.agency,
    legalEntity: agency.legalEntity,
    certificate: FINGERPRINT,
    keys: keyLookup([verificationKeyOf(theirs.publicJwk, agency.agency)]),
    get encryptionKey() {
      return options.encryptionKey?.();
    },
  };
  const appender = {
    logRef: 'log:1',
    append: async (item: AppendItem) => {
      items.push(item);
      return { kind: 'recorded' } as const;
    },
  };
  const stages: Stages = {
    authenticate: createAuthenticate({ directory: { revision: 1n, find: () => caller }, nowSeconds }),
    verify: createVerifyCall({ audience: `gateway@${DEPLOYMENT}`, nowSeconds, iatFloor: () => 0 }),
    decide: createDecide({
      decide: (input) => host().decide(input),
      policyRevision: () => '1.1',
      profileVersion: 'p:1',
      pathOf,
      isSensitive,
      nowSeconds,
    }),
    consent: createConsent({
      lookup,
      findConsents: findIn(options.consents),
      units: UNITS,
      flights: createFlights(),
      answeredBefore: async () => false,
    }),
    fetch: createFetch({ lookup }),
    filter: createFilter({ guard: OPEN_GUARD, nowMs: () => now * 1000 }),
    recorder: createRecord({
      appender,
      keys: KEYS,
      units: UNITS,
      nowMs: () => now * 1000,
      logTrouble: () => undefined,
    }),
    signer: createSign({
      signer: createSigner({ key: ours.key, kid: ours.kid, issuer: 'gateway' }),
      deployment: DEPLOYMENT,
      logRef: appender.logRef,
      nowSeconds,
    }),
    takeUp: async () => undefined,
  };
  const refuseCall = createRefuseCall({
    ...{ recorder: stages.recorder, signer: stages.signer, isStorageFault: () => false, budget: { take: () => true } },
    onStorageFault: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  const exchange = createUnaryExchange(stages, new Map(methods.map((one) => [one.path, one])), refuseCall);
  const signer = createSigner({ key: theirs.key, kid: theirs.kid, issuer: agency.agency });
  return {
    async call(method, message) {
      items.length = 0;
      const claims = { aud: `gateway@${DEPLOYMENT}`, iat: now, dig: digestOf(message), mth: method };
      const answer = await exchange({
        ...{ method, message, signature: signer.sign('lt-call+jws', claims) },
        peer: { fingerprint: FINGERPRINT, notAfter: now + 1000 },
        transport: undefined,
        signal: new AbortController().signal,
      });
      const [item] = items;
      if (item === undefined || items.length !== 1) throw new Error(`${items.length} entries of one call`);
      return { answer, recorded: recordedOf(item) };
    },
  };
}

export function isAnswer(answer: Awaited<ReturnType<UnaryPort>>): answer is UnaryAnswer {
  return 'message' in answer;
}

function recordedOf(item: AppendItem): Recorded {
  const entry = fromBinary(EntrySchema, item.entry);
  return {
    entry,
    decision: item.decision === undefined ? undefined : openDecision(key, item.decision, entry.decisionDigest),
    people: bodiesOf(item),
  };
}

function bodiesOf({ entryId, personBodies }: AppendItem): PersonBody[] {
  if (personBodies === undefined) return [];
  const packed = unseal(key, Buffer.concat([entryId, Buffer.from('bodies')]), personBodies);
  if (packed === undefined) throw new Error('the bodies do not open');
  const bodies: PersonBody[] = [];
  for (let at = 0; at < packed.length; ) {
    const length = packed.readUInt16BE(at);
    bodies.push(decodePersonBody(packed.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  return bodies;
}
