/** What a person sees of their own consents, and a recipient of those given to it. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  CheckConsentRequestSchema,
  CheckConsentResponseSchema,
  GetReceiptActSchema,
  GetReceiptRequestSchema,
  GetReceiptResponseSchema,
  ListConsentsActSchema,
  ListConsentsRequestSchema,
  ListConsentsResponseSchema,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { byTheirAct } from '../acting/acting-person.ts';
import { lookedAt } from '../acting/own-look.ts';
import { maskViolations, type Violation } from '../errors/violations.ts';
import { aboutNobody } from '../exchange/about-nobody.ts';
import { peopleAlike } from '../exchange/people.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { expandMask, MOST_PATHS, toShortMask } from '../fields/mask.ts';
import { VERDICTS } from '../matching/index.ts';
import { BASES, encodePersonBody } from '../proof/person-body.ts';
import { drawRandom } from '../sealing/random.ts';
import { actOf, readPersonRequest } from './act-of.ts';
import { listConsents } from './consent-store.ts';
import { CONSENT_SERVICE, type ConsentDeps } from './deps.ts';
import { findReceipt, listReceipts } from './receipts.ts';

const PERSONAL_ID = /^\d{12}$/;

const checkedBody = (outcome: number, basis: number) =>
  encodePersonBody({
    ...{ outcome, basis, delayUntil: 0 },
    released: [],
    matched: [],
    mismatched: [],
    notAvailable: [],
  });
/** That a recipient asked what a consent covers is a use of what is known of the person. */
const CHECKED = checkedBody(VERDICTS.VERIFIED, BASES.consent);
const CHECKED_IN_VAIN = checkedBody(VERDICTS.CONSENT_MISSING, BASES.none);

export function createListConsents(deps: ConsentDeps): UnaryMethod {
  const path = `${CONSENT_SERVICE}/ListConsents`;
  return {
    path,
    read(message) {
      const request = readPersonRequest(decodeRequest(ListConsentsRequestSchema, message), ListConsentsActSchema);
      const { context, act } = request;
      return aboutNobody(context, async ({ caller }) => {
        const call = { method: path, agency: caller.agency, about: act.about, concert: 'any' as const };
        const { acting, subject } = actOf(deps, request, call);
        const { personNo, people } = await lookedAt(deps.lookup, subject);
        const response = create(ListConsentsResponseSchema, {
          requestId: context.requestId,
          blind: drawRandom(16),
          consents: await listConsents(deps, personNo),
          receipts: await listReceipts(deps, personNo),
        });
        return { payload: toBinary(ListConsentsResponseSchema, response), people, ...byTheirAct(acting) };
      });
    },
  };
}

export function createGetReceipt(deps: ConsentDeps): UnaryMethod {
  const path = `${CONSENT_SERVICE}/GetReceipt`;
  return {
    path,
    read(message) {
      const request = readPersonRequest(decodeRequest(GetReceiptRequestSchema, message), GetReceiptActSchema);
      const { context, act } = request;
      return aboutNobody(context, async ({ caller }) => {
        const call = { method: path, agency: caller.agency, about: act.about, concert: 'any' as const };
        const { acting, subject } = actOf(deps, request, call);
        const { personNo, people } = await lookedAt(deps.lookup, subject);
        const receipt = await findReceipt(deps, personNo, act.receiptId);
        if (receipt === undefined) throw new CallRefused(ErrorReason.CONSENT_UNKNOWN);
        const response = create(GetReceiptResponseSchema, {
          requestId: context.requestId,
          blind: drawRandom(16),
          receipt,
        });
        return { payload: toBinary(GetReceiptResponseSchema, response), people, ...byTheirAct(acting) };
      });
    },
  };
}

/** About the caller's own use alone: recipient and purpose are its own, whatever else it asks. */
export function createCheckConsent(deps: ConsentDeps): UnaryMethod {
  return {
    path: `${CONSENT_SERVICE}/CheckConsent`,
    read(message) {
      const request = decodeRequest(CheckConsentRequestSchema, message);
      const paths = request.fields?.paths ?? [];
      const { fields, problems } = expandMask(paths.slice(0, MOST_PATHS));
      const violations: Violation[] = maskViolations('fields', problems);
      if (paths.length > MOST_PATHS) violations.push({ field: 'fields', rule: 'TOO_MANY' });
      if (fields.length === 0 && problems.length === 0) violations.push({ field: 'fields', rule: 'REQUIRED' });
      if (!PERSONAL_ID.test(request.personalId)) violations.push({ field: 'personal_id', rule: 'FORMAT' });
      const context = checkedContext(request, violations);
      return aboutNobody(context, async ({ caller }) => {
        const { personNo, logKeys } = await deps.lookup.resolve([Number(request.personalId)]);
        const use = { recipient: caller.agency, purpose: context.purpose, fields };
        const { people, revision } = await deps.findConsents(use, personNo);
        const lacking = [...personNo].map((one) => people.get(one)?.missing ?? fields);
        const missing = fields.filter((id) => lacking.length === 0 || lacking.some((each) => each.includes(id)));
        const response = create(CheckConsentResponseSchema, {
          requestId: context.requestId,
          blind: drawRandom(16),
          covered: { paths: toShortMask(fields.filter((id) => !missing.includes(id))) },
          missing: { paths: toShortMask(missing) },
          revision,
        });
        return {
          payload: toBinary(CheckConsentResponseSchema, response),
          people: peopleAlike(personNo, logKeys, missing.length === 0 ? CHECKED : CHECKED_IN_VAIN),
        };
      });
    },
  };
}
