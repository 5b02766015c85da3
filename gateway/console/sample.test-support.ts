/** An e-ID and a gateway of a few invented people, in memory: enough to look at every page. What a gateway judges is not judged here. */
import { randomBytes } from 'node:crypto';
import { create, type DescMethodUnary, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import {
  type Access,
  AuditService,
  ListAccessesActSchema,
  ListAccessesResponseSchema,
} from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import {
  ClaimActSchema,
  ClockKind,
  type Consent,
  ConsentArtefactSchema,
  ConsentManner,
  ConsentSchema,
  ConsentService,
  ConsentState,
  GetReceiptActSchema,
  GrantActSchema,
  ListConsentsResponseSchema,
  MatterKind,
  MatterState,
  type Receipt,
  ReceiptSchema,
  RestrictActSchema,
  WithdrawActSchema,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import {
  AssuranceLevel,
  type OnBehalf,
  PersonAssertionSchema,
  Representation,
} from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { pathOf } from '../fields/vocabulary.ts';
import { digestOf } from '../signing/digest.ts';
import { keyLookup, type PublicJwk, readPublicJwk, verificationKeyOf } from '../signing/public-key.ts';
import { verifyToken } from '../signing/verify.ts';
import type { Eid } from './eid.ts';
import { createNames } from './names.ts';
import { createSampleLog } from './sample-log.test-support.ts';
import { createSessions } from './session.ts';
import type { Parts } from './visit.ts';

export const AN = '901085000017';
export const CHILD = '901215000017';
const AUDIENCE = 'gateway@dev-sample';

export interface Sample {
  readonly parts: Parts;
  readonly consents: Consent[];
  readonly receipts: Receipt[];
  /** Tokens of acts whose signatures were good, by method. */
  readonly acted: string[];
  /** Sessions believe that so many milliseconds have passed. */
  pass(ms: number): void;
}

const NAMES = createNames({
  agencies: {
    'bank-demo': { vi: 'Ngân hàng Thử nghiệm', en: 'Demo Bank' },
    bhxh: { vi: 'Bảo hiểm xã hội Việt Nam', en: 'Viet Nam Social Security' },
    moh: { vi: 'Bộ Y tế', en: 'Ministry of Health' },
  },
  purposes: {
    'bank-demo/account-opening': {
      vi: 'Nhận biết khách hàng khi mở tài khoản',
      en: 'Identification of a customer who opens an account',
    },
    'bank-demo/credit': { vi: 'Thẩm định hồ sơ vay', en: 'Assessment of a loan' },
    'bhxh/insurance-records': { vi: 'Hồ sơ người tham gia bảo hiểm', en: 'Records of insured persons' },
    'moh/patient-records': { vi: 'Hồ sơ người bệnh', en: 'Patients’ records' },
  },
});

export function createSample({
  people = [AN],
  ownActNeeded = true,
}: {
  readonly people?: readonly string[];
  /** Whether the child of them all is 7 or older. */
  readonly ownActNeeded?: boolean;
} = {}): Sample {
  let passed = 0;
  const consents: Consent[] = [];
  const receipts: Receipt[] = [];
  const acted: string[] = [];
  const now = () => Math.floor((Date.now() + passed) / 1000);
  const id = () => new Uint8Array(randomBytes(16));

  const eid: Eid = {
    development: true,
    people: people.map((personalId, at) => ({ personalId, name: ['Nguyễn Văn An', 'Trần Thị Bình'][at] ?? 'X' })),
    async assertPerson(personalId, key) {
      if (!people.includes(personalId) && personalId !== CHILD) return undefined;
      const payload = toBinary(PersonAssertionSchema, {
        ...create(PersonAssertionSchema),
        ...{ issuer: 'vneid-dev', personalId, publicKey: pointOf(key), assurance: AssuranceLevel.TWO, blind: id() },
        represented:
          personalId === CHILD
            ? []
            : [
                {
                  $typeName: 'lienthong.type.v1.RepresentedPerson',
                  ...{ personalId: CHILD, relation: Representation.PARENT, ownActNeeded },
                },
              ],
        ...{ audienceAgency: 'citizen-page', issuedAt: BigInt(now()), expiresAt: BigInt(now() + 300) },
      });
      return { payload, jws: 'the-issuer-signed' };
    },
    async issueConsent(order) {
      const { recipient, purpose, fieldIds, acts, expiresAt, ...rest } = order;
      const payload = toBinary(
        ConsentArtefactSchema,
        create(ConsentArtefactSchema, {
          ...rest,
          ...{ consentId: id(), issuer: 'vneid-dev', recipients: [recipient], purposes: [purpose] },
          ...{ fieldIds: [...fieldIds], expiresAt: BigInt(expiresAt), validFrom: BigInt(now()), blind: id() },
          acts: acts.map((act) => ({ ...act, manner: ConsentManner.ACTIVE })),
        }),
      );
      return { payload, jws: 'the-issuer-signed' };
    },
  };

  /** Holds a person's token to their asserted key, as a gateway does. */
  function check(mth: string, act: Uint8Array, persons: readonly OnBehalf[]): void {
    for (const { assertion, proof } of persons) {
      const { publicKey } = fromBinary(PersonAssertionSchema, assertion?.payload ?? new Uint8Array());
      const part = (from: number) => Buffer.from(publicKey.subarray(from, from + 32)).toString('base64url');
      const jwk = readPublicJwk({ kty: 'EC', crv: 'P-256', x: part(1), y: part(33) });
      if (jwk === undefined) throw new Error('no key');
      const keys = keyLookup([verificationKeyOf(jwk, 'person')]);
      const verified = verifyToken(proof, { typ: 'lt-act+jws', form: 'person', keys });
      if (!verified.ok) throw new Error(verified.problem);
      const { claims } = verified;
      if (claims.dig !== digestOf(act) || claims.mth !== mth || claims.aud !== AUDIENCE)
        throw new Error('bound to else');
      acted.push(`${mth.split('/').at(-1)}`);
    }
  }

  function grant(bytes: Uint8Array, count: number): Consent {
    const { artefact } = fromBinary(GrantActSchema, bytes);
    const record = fromBinary(ConsentArtefactSchema, artefact?.payload ?? new Uint8Array());
    if (record.acts.length !== count) throw new Error('acts and persons differ');
    const consent = create(ConsentSchema, {
      ...{ consentId: record.consentId, state: ConsentState.IN_FORCE, recipient: record.recipients[0] ?? '' },
      ...{ purpose: record.purposes[0] ?? '', fields: { paths: record.fieldIds.map((each) => pathOf(each)) } },
      ...{ validFrom: record.validFrom, expiresAt: record.expiresAt, useQuota: record.useQuota, entryId: id() },
      ...{ textShown: record.textShown, textVersion: record.textVersion, language: record.language },
      grantedAt: BigInt(now()),
    });
    consents.unshift(consent);
    return consent;
  }

  function receive(kind: MatterKind, { recipient, purpose }: { recipient: string; purpose: string }): Receipt {
    const started = BigInt(now());
    const day = (n: number) => started + BigInt(n * 86_400);
    const clock = (which: ClockKind, days: number) =>
      ({ kind: which, startedAt: started, dueAt: day(days), extendedDueAt: 0n, metAt: 0n }) as const;
    const receipt = create(ReceiptSchema, {
      ...{ receiptId: id(), kind, state: MatterState.ACKNOWLEDGED, recipient, purpose, entryId: id() },
      ...{ recordedAt: started, acknowledgedAt: started, acknowledgementEntryId: id() },
      clocks: [clock(ClockKind.ACKNOWLEDGE, 2), clock(ClockKind.CARRY_OUT, 15)],
      continuing: [
        { agency: 'bhxh', purpose: 'insurance-records', fields: { paths: ['full_name'] }, basis: 'statute' },
      ],
    });
    receipts.unshift(receipt);
    const state = kind === MatterKind.WITHDRAWAL ? ConsentState.WITHDRAWN : ConsentState.RESTRICTED;
    for (const consent of consents) {
      if (consent.recipient !== recipient || consent.purpose !== purpose) continue;
      consent.state = kind === MatterKind.LIFTING ? ConsentState.IN_FORCE : state;
    }
    return receipt;
  }

  const log = createSampleLog(Date.now());
  const methods: Record<string, (act: Uint8Array, persons: number) => object> = {
    [ConsentService.method.listConsents.name]: () => create(ListConsentsResponseSchema, { consents, receipts }),
    [ConsentService.method.grantConsent.name]: (act, persons) => ({ consent: grant(act, persons) }),
    [ConsentService.method.withdrawConsent.name]: (act) => ({
      receipt: receive(MatterKind.WITHDRAWAL, fromBinary(WithdrawActSchema, act)),
    }),
    [ConsentService.method.restrict.name]: (act) => {
      const read = fromBinary(RestrictActSchema, act);
      return { receipt: receive(read.lift ? MatterKind.LIFTING : MatterKind.RESTRICTION, read) };
    },
    [ConsentService.method.object.name]: (act) => ({
      receipt: receive(MatterKind.OBJECTION, fromBinary(WithdrawActSchema, act)),
    }),
    [ConsentService.method.claimRight.name]: (act) => {
      const { kind, fields } = fromBinary(ClaimActSchema, act);
      const receipt = receive(kind, { recipient: '', purpose: '' });
      return { receipt: Object.assign(receipt, { fields, continuing: [] }) };
    },
    [AuditService.method.listAccesses.name]: (act) => {
      const { entryId, pageToken, from, until } = fromBinary(ListAccessesActSchema, act);
      const isWithin = ({ lastMs }: Access) => lastMs >= from * 1000n && (until === 0n || lastMs < until * 1000n);
      const within = log.accesses.filter(isWithin);
      const isWanted = ({ entries }: Access) => entries.some((each) => Buffer.from(each.entryId).equals(entryId));
      // A line a page.
      const page = within.slice(pageToken.length, pageToken.length + 1);
      return create(ListAccessesResponseSchema, {
        accesses: entryId.length === 0 ? page : log.accesses.filter(isWanted),
        ...{ logPosition: 7n, completeUntilMs: BigInt(Date.now()), delayed: 1, delayedUntil: BigInt(now() + 86_400) },
        nextPageToken: new Uint8Array(pageToken.length + 1 < within.length ? pageToken.length + 1 : 0),
      });
    },
    [ConsentService.method.getReceipt.name]: (act) => {
      const { receiptId } = fromBinary(GetReceiptActSchema, act);
      return { receipt: receipts.find((each) => Buffer.from(each.receiptId).equals(receiptId)) };
    },
  };

  async function unary(method: DescMethodUnary, request: object) {
    const { act, persons } = request as { act: Uint8Array; persons: OnBehalf[] };
    check(`/${method.parent.typeName}/${method.name}`, act, persons);
    const message = methods[method.name]?.(act, persons.length) as MessageShape<typeof method.output>;
    return { message };
  }

  const client = { unary, audience: AUDIENCE, now } as unknown as Parts['client'];
  const sessions = createSessions({ now: () => Date.now() + passed });
  const rest = { logTrust: async () => log.trust, secure: false };
  const parts: Parts = {
    client,
    eid,
    names: NAMES,
    sessions,
    agency: 'citizen-page',
    purpose: 'citizen-service',
    ...rest,
  };
  const pass = (ms: number) => {
    passed += ms;
  };
  return { parts, consents, receipts, acted, pass };
}

function pointOf({ x, y }: PublicJwk): Uint8Array {
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
