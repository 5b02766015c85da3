import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Notice } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import type { Reason } from '../../proto/gen/lienthong/verification/v1/reason_pb.js';
import {
  type FieldResult,
  type Verdict,
  VerifyPersonRequestSchema,
  type VerifyPersonResponse,
  VerifyPersonResponseSchema,
} from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { checkedContext, decodeRequest } from '../exchange/request.ts';
import type { UnaryMethod } from '../exchange/work.ts';
import { formatPersonalId } from '../matching/index.ts';
import { decodeResult } from '../proof/result-bytes.ts';
import { drawRandom } from '../sealing/random.ts';
import { matchFields } from './match-fields.ts';
import { readOne } from './read-rows.ts';
import { isTakenOut } from './taken-out.ts';

/** Compares one person: a chunk of one, through the same stages and the same result bytes. */
export const verifyPerson: UnaryMethod = {
  path: '/lienthong.verification.v1.VerificationService/VerifyPerson',
  read(message) {
    const request = decodeRequest(VerifyPersonRequestSchema, message);
    const { fields, violations } = matchFields(request.matchMask);
    const context = checkedContext(request, violations);
    const rows = readOne({ idNumber: request.idNumber, name: request.fullName, birthDate: request.dateOfBirth });
    return {
      asked: { context, release: [], match: fields, allowPartial: false },
      wanted: { kind: 'rows', rows },
      compose(view, { revisions }) {
        if (view.kind !== 'rows') throw new TypeError('a verification is answered from rows');
        const told = decodeResult(view.rows.results);
        const response = create(VerifyPersonResponseSchema, {
          requestId: context.requestId,
          verdict: told.verdict as Verdict,
          idResult: told.id as number as FieldResult,
          nameResult: told.name as number as FieldResult,
          birthDateResult: told.birthDate as number as FieldResult,
          reasons: told.reasons as readonly number[] as Reason[],
          // Bit n of the result is notice n+1.
          notices: told.notices.map((bit) => (bit + 1) as Notice),
          ...(told.nameScore === undefined ? {} : { nameScore: told.nameScore }),
          ...(told.score === undefined ? {} : { score: told.score }),
          currentId: told.currentId === 0 ? '' : formatPersonalId(told.currentId),
          asOf: BigInt(Math.floor(view.asOf)),
          revisions,
          blind: drawRandom(16),
        });
        const payload = toBinary(VerifyPersonResponseSchema, response);
        const unconsented = view.rows.unconsented?.length === 1;
        return {
          payload,
          again(stored) {
            // Compared for nobody's number as well: as much work as for somebody's.
            const { same, verdict, profile } = tellsTheSame(stored, response);
            // Without a consent now, nothing of what was told under one before is told again.
            return unconsented && !same && isTakenOut(verdict, told.verdict)
              ? { payload, lessened: { effects: [] } }
              : { payload: stored, profile };
          },
        };
      },
    };
  },
};

/**
 * Whether a stored answer tells of the person what this one tells; not when, or by which revisions. Where it does, the stored bytes
 * go out: fresh ones would show to whoever asks twice that somebody is there who gave no consent.
 */
function tellsTheSame(
  stored: Uint8Array,
  now: VerifyPersonResponse,
): { same: boolean; verdict: Verdict; profile: string | undefined } {
  const { asOf, revisions, blind, verdict } = fromBinary(VerifyPersonResponseSchema, stored);
  const timeless = { ...now, asOf, blind, ...(revisions === undefined ? {} : { revisions }) };
  const same = Buffer.compare(stored, toBinary(VerifyPersonResponseSchema, timeless)) === 0;
  return { same, verdict, profile: revisions?.profile };
}
