/** Withdraw, restrict, object: recorded at once, answered when nothing that was read before is on its way any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { EntryKind, EntrySchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import {
  MatterKind,
  MatterState,
  ObjectActSchema,
  ObjectRequestSchema,
  ObjectResponseSchema,
  type Receipt,
  RestrictActSchema,
  RestrictRequestSchema,
  RestrictResponseSchema,
  WithdrawActSchema,
  WithdrawConsentRequestSchema,
  WithdrawConsentResponseSchema,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { AssuranceLevel } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { byTheirAct } from '../acting/acting-person.ts';
import { lookedAt } from '../acting/own-look.ts';
import { mustBeAssured } from '../acting/subject.ts';
import type { Violation } from '../errors/violations.ts';
import { aboutNobody } from '../exchange/about-nobody.ts';
import { createEntryParts } from '../exchange/entry-parts.ts';
import type { Effect } from '../exchange/log-port.ts';
import { CallRefused } from '../exchange/refused.ts';
import { decodeRequest } from '../exchange/request.ts';
import type { CallFacts, Composed, UnaryMethod } from '../exchange/work.ts';
import { AGENCY_CODE, CODE } from '../policy/check-agreement.ts';
import { agencyIn } from '../policy/policy-data.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { drawRandom } from '../sealing/random.ts';
import { actOf, type PersonRequest, readPersonRequest } from './act-of.ts';
import { keepHead } from './claim.ts';
import { scopeEffects } from './consent-store.ts';
import { CONSENT_SERVICE, type ConsentDeps } from './deps.ts';
import { liftEffect, type Matter, takeBackEffect } from './matter-effects.ts';
import { mayAskToday, mayWait } from './most-matters.ts';
import { mustBeFirst, namedToo, openObjection, receiptOfObjection } from './objected-again.ts';
import { mustBeOfAge } from './of-age.ts';
import { receiptOfRequest } from './receipts.ts';

/** Longest that an answer waits; then it says RECORDED. Longer than a frozen gateway keeps its lease. */
const WAIT_MS = 15_000;
const LOOK_MS = 40;
const ENTRY_ID_BYTES = 16;

/** What the acts of all three have. */
interface TakeBackAct {
  readonly about: string;
  readonly recipient: string;
  readonly purpose: string;
}

type Ask = PersonRequest<TakeBackAct> & { readonly kind: MatterKind; readonly aboutEntry?: Uint8Array };

interface CarriedOut {
  readonly receipt: Receipt;
  /** Absent of what has an entry of its own. */
  readonly composed: Omit<Composed, 'payload'> | undefined;
}

export function createTakeBacks(deps: ConsentDeps): UnaryMethod[] {
  const { loggedContext, sealPeople } = createEntryParts(deps.keys);

  async function carryOut(method: string, ask: Ask, facts: CallFacts): Promise<CarriedOut> {
    const requestDigest = Buffer.from(facts.digest, 'base64url');
    const same = { agency: facts.caller.agency, digest: requestDigest };
    const known = await receiptOfRequest(deps, same);
    const more = known === undefined ? await record(method, ask, facts, requestDigest) : undefined;
    const find = () => (more === undefined ? receiptOfRequest(deps, same) : receiptOfObjection(deps, more.receiptId));
    for (const until = performance.now() + WAIT_MS; ; await sleep(LOOK_MS)) {
      const receipt = await find();
      if (receipt === undefined) throw new TypeError('what was recorded is not there');
      if (receipt.state === MatterState.ACKNOWLEDGED || performance.now() >= until) {
        return { receipt, composed: more?.composed };
      }
    }
  }

  /** Nothing of its own is recorded of what waits already: what comes with the answer then. */
  async function record(
    method: string,
    ask: Ask,
    facts: CallFacts,
    requestDigest: Buffer,
  ): Promise<{ readonly receiptId: Buffer; readonly composed: Omit<Composed, 'payload'> } | undefined> {
    const { kind, act, context } = ask;
    const { caller, revisions } = facts;
    const lifting = kind === MatterKind.LIFTING;
    const call = { method, agency: caller.agency, about: act.about, concert: lifting ? 'all' : 'any' } as const;
    const { acting, subject } = actOf(deps, ask, call);
    if (lifting) mustBeAssured(acting, AssuranceLevel.TWO);
    const { personNo, people } = await lookedAt(deps.lookup, subject);
    // It lets consents count again: that takes those who could give one.
    if (lifting) await mustBeOfAge(deps, subject, acting);
    const { recipient, purpose } = act;
    // The scope of what the register itself was asked for has no recipient, and nothing to take back.
    if (recipient === '') throw new CallRefused(ErrorReason.NOTHING_TO_WITHDRAW);
    const known = agencyIn(deps.policyData(), recipient) !== undefined;
    const entryId = drawEntryId();
    const matter: Matter = {
      ...{ kind, personNo, recipient, purpose, requestDigest, entryId, receiptId: drawRandom(16) },
      aboutEntry: ask.aboutEntry,
      now: Math.floor(deps.nowSeconds()),
    };
    const theirs = byTheirAct(acting);
    const objecting = kind === MatterKind.OBJECTION;
    const again = async () => {
      const receiptId = objecting ? await openObjection(deps.db, matter) : undefined;
      if (receiptId === undefined) return undefined;
      const effects = namedToo(receiptId, matter, theirs.effects);
      const { standsOn } = theirs;
      return { receiptId, composed: { people, entryId, effects, standsOn, beforeTold: () => keepHead(deps) } };
    };
    const open = await again();
    if (open !== undefined) return open;
    const objects: Effect[] = objecting && known ? scopeEffects(personNo, recipient, purpose) : [];
    const first = objecting ? [mustBeFirst(matter), mayWait(personNo)] : [];
    const bounded = kind === MatterKind.WITHDRAWAL ? [] : [mayAskToday(personNo)];
    const sealed = sealPeople(people, entryId);
    const entry = create(EntrySchema, {
      entryId,
      kind: EntryKind.WITHDRAWAL,
      timeMs: BigInt(Math.floor(deps.nowSeconds() * 1000)),
      agency: caller.agency,
      method,
      ...loggedContext(caller.agency, context),
      revisions,
      requestDigest,
      people: sealed.count,
      subtreeRoot: sealed.root,
    });
    const outcome = await deps.appender.append({
      agency: caller.agency,
      legalEntity: caller.legalEntity,
      entryId,
      salt: drawRandom(16),
      entry: toBinary(EntrySchema, entry),
      ...sealed.stored,
      changeRevision: revisions.change,
      standsOn: [`agency:${caller.agency}`, `certificate:${caller.certificate}`, ...theirs.standsOn],
      // What only gives back takes nothing from anybody's answer.
      exclusive: !lifting,
      effects: [
        ...first,
        ...bounded,
        ...theirs.effects,
        ...objects,
        lifting ? liftEffect(matter) : takeBackEffect(matter),
      ],
    });
    const since = outcome.kind === 'refused' ? await again() : undefined;
    if (since !== undefined) return since;
    if (outcome.kind === 'barred') throw new CallRefused(ErrorReason.REVOKED);
    if (outcome.kind === 'refused') throw new CallRefused(outcome.reason, outcome.facts);
    if (outcome.kind !== 'recorded') throw new TypeError('a withdrawal has no such outcome');
    return undefined;
  }

  function method<Desc extends DescMessage>(
    name: string,
    response: Desc,
    readAsk: (message: Uint8Array) => Ask,
  ): UnaryMethod {
    const path = `${CONSENT_SERVICE}/${name}`;
    return {
      path,
      read(message) {
        const ask = readAsk(message);
        mustNameAUse(ask.act);
        const { requestId } = ask.context;
        return aboutNobody(ask.context, async (facts) => {
          const { receipt, composed } = await carryOut(path, ask, facts);
          const init = { requestId, blind: drawRandom(16), receipt } as unknown as MessageInitShape<Desc>;
          return { ...composed, payload: toBinary(response, create(response, init)) };
        });
      },
    };
  }

  return [
    method('WithdrawConsent', WithdrawConsentResponseSchema, (message) => ({
      ...readPersonRequest(decodeRequest(WithdrawConsentRequestSchema, message), WithdrawActSchema),
      kind: MatterKind.WITHDRAWAL,
    })),
    method('Restrict', RestrictResponseSchema, (message) => {
      const request = readPersonRequest(decodeRequest(RestrictRequestSchema, message), RestrictActSchema);
      return { ...request, kind: request.act.lift ? MatterKind.LIFTING : MatterKind.RESTRICTION };
    }),
    method('Object', ObjectResponseSchema, (message) => {
      const request = readPersonRequest(decodeRequest(ObjectRequestSchema, message), ObjectActSchema);
      return { ...request, kind: MatterKind.OBJECTION, aboutEntry: entryOf(request.act.entryId) };
    }),
  ];
}

/** It is kept for years and shown to officers, two hundred at once. @throws {CallRefused} BAD_REQUEST */
function entryOf(entryId: Uint8Array): Uint8Array {
  if (entryId.length === 0 || entryId.length === ENTRY_ID_BYTES) return entryId;
  throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'act.entry_id', rule: 'LENGTH' }] });
}

/** Both are kept for years, and those of an objection shown to officers. @throws {CallRefused} BAD_REQUEST */
function mustNameAUse({ recipient, purpose }: TakeBackAct): void {
  // The register's own scope, of which there is nothing to take back.
  if (recipient === '' && purpose === '') return;
  const violations: Violation[] = [];
  if (!AGENCY_CODE.test(recipient)) violations.push({ field: 'act.recipient', rule: 'FORMAT' });
  if (!CODE.test(purpose)) violations.push({ field: 'act.purpose', rule: 'FORMAT' });
  if (violations.length > 0) throw new CallRefused(ErrorReason.BAD_REQUEST, { violations });
}
