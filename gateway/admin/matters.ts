/** Persons' matters: one officer decides one, or extends its period, by an act of their own. Who the person is they are not told. */
import { randomBytes } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  DecideMatterRequestSchema,
  DecideMatterResponseSchema,
  ListMattersRequestSchema,
  ListMattersResponseSchema,
  type PersonMatterSchema,
} from '../../proto/gen/lienthong/admin/v1/admin_pb.js';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { type JudgedMatterAct, MATTER_ROLE, MATTERS, type MatterAct, readMatterAct } from '../acts/matter-act.ts';
import { idsFrom, readToken, writeToken } from '../consent/matter-pages.ts';
import { judgeSigned, matterActEffects, saidBy } from '../consent/matter-standing.ts';
import { lookedUp } from '../consent/officers-look.ts';
import { findMatter, isDecided, listMatters, type OfficersMatter } from '../consent/officers-matters.ts';
import { clocksOf, type ReceiptDeps } from '../consent/receipts.ts';
import type { Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { drawEntryId } from '../sealing/entry-id.ts';
import { digestOf } from '../signing/digest.ts';
import { refusalOf } from './judge-proposal.ts';
import { ADMIN_SERVICE, type AdminDeps, mustHold, type OfficerCall, officerWork } from './officer-call.ts';
import { mustBeSigned, signedBy } from './propose.ts';
import { wrong } from './wrong.ts';

const PERSONAL_ID = /^\d{12}$/;
const RECEIPT_BYTES = 16;
const RECEIPT_PREFIX = /^[A-Za-z0-9_-]{6,22}$/;

const receiptDeps = ({ db, matters, nowSeconds }: AdminDeps, { book }: OfficerCall): ReceiptDeps => ({
  ...{ db, nowSeconds, book: () => book, artefactKey: matters.key, policyData: matters.policyData },
});

export function createListMatters(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/ListMatters`,
    read(message) {
      const request = decodeRequest(ListMattersRequestSchema, message);
      const { openOnly, personalId, receiptId, receiptPrefix, pageToken } = request;
      const page = pageToken.length === 0 ? undefined : readToken(pageToken);
      const violations: Violation[] = [];
      const rule = (broken: boolean, field: string, name: Violation['rule']) => {
        if (broken) violations.push({ field, rule: name });
      };
      rule(personalId !== '' && !PERSONAL_ID.test(personalId), 'personal_id', 'FORMAT');
      rule(![0, RECEIPT_BYTES].includes(receiptId.length), 'receipt_id', 'LENGTH');
      rule(receiptPrefix !== '' && !RECEIPT_PREFIX.test(receiptPrefix), 'receipt_prefix', 'FORMAT');
      rule(receiptId.length > 0 && receiptPrefix !== '', 'receipt_prefix', 'INCONSISTENT');
      rule(pageToken.length > 0 && page === undefined, 'page_token', 'FORMAT');
      const context = checkedContext(request, violations);
      return officerWork(deps, context, async (call) => {
        mustHold(call, MATTER_ROLE);
        const person = personalId === '' ? undefined : await lookedUp(deps.lookup, personalId);
        const asked = { openOnly, page, ids: idsOf(receiptId, receiptPrefix), personNos: person?.personNos };
        const { matters, next } = await listMatters(receiptDeps(deps, call), asked);
        return {
          ...(person === undefined ? {} : { people: person.people }),
          payload: encodeMessage(ListMattersResponseSchema, {
            requestId: context.requestId,
            blind: randomBytes(16),
            matters: matters.map(toMessage),
            ...(next === undefined ? {} : { nextPageToken: writeToken(next) }),
          }),
        };
      });
    },
  };
}

function idsOf(receiptId: Uint8Array, prefix: string): readonly [Buffer, Buffer] | undefined {
  if (prefix !== '') return idsFrom(prefix);
  return receiptId.length === 0 ? undefined : [Buffer.from(receiptId), Buffer.from(receiptId)];
}

export function createDecideMatter(deps: AdminDeps): UnaryMethod {
  return {
    path: `${ADMIN_SERVICE}/DecideMatter`,
    read(message) {
      const request = decodeRequest(DecideMatterRequestSchema, message);
      const { body, signature } = request;
      const context = checkedContext(request);
      return officerWork(deps, context, async (call) => {
        mustHold(call, MATTER_ROLE);
        const act = readMatterAct(body);
        if (act === undefined) throw wrong('body', 'FORMAT');
        if (act.deployment !== deps.trust.deployment) throw wrong('body.deployment', 'INCONSISTENT');
        const receiptId = Buffer.from(act.matter, 'base64url');
        const matter = await findMatter(receiptDeps(deps, call), receiptId);
        if (matter === undefined) throw new CallRefused(ErrorReason.MATTER_UNKNOWN);
        const digest = digestOf(body);
        // Sent once more, it gets as far as the log, which knows whether it is the same request.
        if (!matter.digests.includes(digest)) mustWait(matter, act, deps.nowSeconds());
        mustBeAnothers(matter.numbers, call, deps);
        mustBeSigned(call, signature, signedBy(digest, undefined), deps);
        const { kind, recordedAt } = matter.receipt;
        const judged = judgeSigned(
          { book: () => call.book, nowSeconds: deps.nowSeconds },
          { receiptId, kind, recordedAt: Number(recordedAt) },
          { digest, body, signature },
        );
        if (typeof judged === 'string') throw refusalOf(judged);
        const entryId = drawEntryId();
        const officer = call.officer.code;
        return {
          payload: encodeMessage(DecideMatterResponseSchema, {
            requestId: context.requestId,
            blind: randomBytes(16),
            matter: toMessage(decided(matter, judged, entryId)),
          }),
          entryId,
          effects: matterActEffects(
            deps.matters.key,
            {
              ...{ receiptId, digest, body, request: message, officer, signature, entryId },
              ...{ decides: act.kind === 'matter.decide', known: matter.digests.length },
            },
            { reason: ErrorReason.MATTER_STATE },
          ),
        };
      });
    },
  };
}

/** @throws {CallRefused} MATTER_STATE, PROPOSAL_WRONG */
function mustWait({ receipt, liftedAt }: OfficersMatter, act: MatterAct, now: number): void {
  const { kind, decision, extension, clocks } = receipt;
  const over = !isDecided(kind) || decision !== undefined || liftedAt !== 0;
  const isLate = now >= Number(clocks.at(-1)?.dueAt ?? 0);
  if (over || (act.kind === 'matter.extend' && (extension !== undefined || isLate))) {
    throw new CallRefused(ErrorReason.MATTER_STATE);
  }
  if (MATTERS[act.of] !== kind) throw wrong('body.of', 'INCONSISTENT');
}

/** @throws {CallRefused} OFFICER_NOT_INDEPENDENT where the officer is the person whose matter it is */
function mustBeAnothers(numbers: readonly string[], { officer }: OfficerCall, { markPerson }: AdminDeps): void {
  if (officer.person !== undefined && numbers.some((number) => markPerson(number) === officer.person)) {
    throw new CallRefused(ErrorReason.OFFICER_NOT_INDEPENDENT);
  }
}

/** The matter as it is once the act counts. */
function decided(matter: OfficersMatter, judged: JudgedMatterAct, entryId: Uint8Array): OfficersMatter {
  const { receipt } = matter;
  const said = saidBy(judged, entryId);
  const clocks = clocksOf(receipt.kind, Number(receipt.recordedAt), {
    acknowledgedAt: Number(receipt.acknowledgedAt),
    settledAt: said.decision === undefined ? 0 : judged.at,
    extended: (said.extension ?? receipt.extension) !== undefined,
  });
  return { ...matter, receipt: { ...receipt, clocks, ...said } };
}

function toMessage(matter: OfficersMatter): MessageInitShape<typeof PersonMatterSchema> {
  const { receipt, aboutEntry, furtherEntries, liftedAt } = matter;
  const { receiptId, kind, recipient, purpose, fields, recordedAt, clocks, continuing, extension, decision } = receipt;
  return {
    ...{ receiptId, kind, recipient, purpose, recordedAt, clocks, continuing, liftedAt: BigInt(liftedAt) },
    ...(fields === undefined ? {} : { fields }),
    ...(aboutEntry === undefined ? {} : { aboutEntryId: aboutEntry }),
    furtherEntryIds: [...furtherEntries],
    ...(extension === undefined ? {} : { extension }),
    ...(decision === undefined ? {} : { decision }),
  };
}
