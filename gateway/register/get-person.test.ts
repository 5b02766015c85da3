import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import {
  GetPersonRequestSchema,
  GetPersonResponseSchema,
  PersonSchema,
} from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { RevisionsSchema } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import type { CallFacts } from '../exchange/work.ts';
import { presentFields } from '../fields/keep-fields.ts';
import { getPerson } from './get-person.ts';

const work = getPerson.read(
  toBinary(
    GetPersonRequestSchema,
    create(GetPersonRequestSchema, {
      context: { requestId: 'given-again-000001', purpose: 'patient-record' },
      personalId: '901085000017',
      readMask: { paths: ['full_name'] },
      blind: new Uint8Array(16),
    }),
  ),
);

function answered(profile: string, withheld: readonly number[] = []) {
  const revisions = create(RevisionsSchema, { policy: 'p', agreement: 'a:1', change: 7n, profile });
  const view = { kind: 'person', person: create(PersonSchema, { fullName: 'AN' }), notices: [] } as const;
  return work.compose(view, { decision: { refused: [] }, revisions, withheld } as unknown as CallFacts);
}

test('an answer that is given again says which profile it was made under, also where fields are taken out', async () => {
  const stored = (await answered('lt-vn-2:2.2.0')).payload;
  expect((await answered('lt-vn-2:2.3.0')).again?.(stored)).toEqual({ payload: stored, profile: 'lt-vn-2:2.2.0' });
  const { person } = fromBinary(GetPersonResponseSchema, stored);
  const fields = person === undefined ? [] : presentFields(person);
  const lessened = (await answered('lt-vn-2:2.3.0', fields)).again?.(stored);
  expect([lessened?.profile, lessened?.lessened]).toEqual(['lt-vn-2:2.2.0', { effects: [] }]);
  const told = fromBinary(GetPersonResponseSchema, lessened?.payload ?? new Uint8Array(0));
  expect([told.person?.fullName, told.revisions?.profile]).toEqual(['', 'lt-vn-2:2.2.0']);
});
