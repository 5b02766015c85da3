import { randomBytes } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import {
  GetPersonRequestSchema,
  GetPersonResponseSchema,
  RefusedFieldSchema,
} from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { maskViolations, type Violation } from '../errors/violations.ts';
import { CallRefused } from '../exchange/refused.ts';
import { checkedContext, decodeRequest, encodeMessage } from '../exchange/request.ts';
import type { GivenAgain, UnaryMethod } from '../exchange/work.ts';
import { keepFields, presentFields } from '../fields/keep-fields.ts';
import { expandMask, MOST_PATHS } from '../fields/mask.ts';
import { pathOf } from '../fields/vocabulary.ts';
import { bitOf, parseIdNumber } from '../matching/index.ts';

/** A stored answer, without the fields that no consent covers any more. */
function giveAgain(stored: Uint8Array, withheld: readonly number[]): GivenAgain {
  const response = fromBinary(GetPersonResponseSchema, stored);
  const { person } = response;
  const profile = response.revisions?.profile;
  if (person === undefined) return { payload: stored, profile };
  const had = presentFields(person);
  const gone = withheld.filter((id) => had.includes(id));
  if (gone.length === 0) return { payload: stored, profile };
  const kept = had.filter((id) => !gone.includes(id));
  const refused = gone.map((id) => create(RefusedFieldSchema, { path: pathOf(id), reason: 'NO_CONSENT' }));
  const lessened = { ...response, person: keepFields(person, kept), refused: [...response.refused, ...refused] };
  return { payload: toBinary(GetPersonResponseSchema, lessened), profile, lessened: { effects: [] } };
}

const SEPARATORS = bitOf('ID_SEPARATORS');

/** Reads the named fields of one person. */
export const getPerson: UnaryMethod = {
  path: '/lienthong.person.v1.PersonService/GetPerson',
  read(message) {
    const request = decodeRequest(GetPersonRequestSchema, message);
    const paths = request.readMask?.paths ?? [];
    if (paths.length > MOST_PATHS) {
      throw new CallRefused(ErrorReason.BAD_REQUEST, { violations: [{ field: 'read_mask', rule: 'TOO_MANY' }] });
    }
    const { fields, problems } = expandMask(paths);
    const violations: Violation[] = maskViolations('read_mask', problems);
    if (fields.length === 0 && problems.length === 0) violations.push({ field: 'read_mask', rule: 'REQUIRED' });
    const id = parseIdNumber(request.personalId);
    // What a file's rows are forgiven needs a name and a date beside it; who reads a person gives the number.
    if (id.problem !== undefined || (id.reasons & ~SEPARATORS) !== 0) {
      violations.push({ field: 'personal_id', rule: request.personalId === '' ? 'REQUIRED' : 'FORMAT' });
    }
    const context = checkedContext(request, violations);
    return {
      asked: { context, release: fields, match: [], allowPartial: request.allowPartial },
      wanted: { kind: 'person', identifier: id.value },
      compose(view, { decision, revisions, withheld }) {
        if (view.kind !== 'person') throw new TypeError('a person is answered from a person');
        const response = create(GetPersonResponseSchema, {
          requestId: context.requestId,
          person: view.person,
          refused: [
            ...decision.refused.map((field) => ({ path: pathOf(field.id), reason: field.reason as string })),
            ...withheld.map((id) => ({ path: pathOf(id), reason: 'NO_CONSENT' })),
          ],
          notices: [...view.notices],
          revisions,
          blind: randomBytes(16),
        });
        return {
          payload: toBinary(GetPersonResponseSchema, response),
          again: (stored) => giveAgain(stored, withheld),
        };
      },
      envelope: (encrypted) => encodeMessage(GetPersonResponseSchema, { encrypted }),
    };
  },
};
