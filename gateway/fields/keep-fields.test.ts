import { clone, create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LifeStatus, PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { Sex } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { fieldSet } from './field-set.ts';
import { keepFields, presentFields } from './keep-fields.ts';
import { expandMask } from './mask.ts';
import { VOCABULARY } from './vocabulary.ts';

const place = { code: '001', name: 'Hà Nội', catalogueVersion: '63-provinces' };
const full = create(PersonSchema, {
  personalId: '901085000017',
  fullName: 'Nguyễn Văn An',
  dateOfBirth: { year: 1985 },
  sex: Sex.MALE,
  otherNames: ['An'],
  religion: 'Không',
  card: { issuedOn: { year: 2021, month: 3, day: 1 }, expiresOn: { year: 2031 } },
  father: { fullName: 'Nguyễn Văn Ba', personalId: '901055000011' },
  children: [{ fullName: 'Nguyễn Văn Con', personalId: '901210000001' }, { fullName: 'Nguyễn Thị Con' }],
  permanentAddress: { province: place, commune: place, detail: '12 ngõ 5' },
  life: { status: LifeStatus.ALIVE },
  contact: { mobile: '+84971234567' },
});

describe('keeping fields', () => {
  it('gives out exactly what is allowed and there, for any allowance', () => {
    const ids = fc.array(fc.constantFrom(...VOCABULARY.fields.map((field) => field.id))).map(fieldSet);
    fc.assert(
      fc.property(ids, (allowed) => {
        const kept = keepFields(full, allowed);
        const present = presentFields(kept);
        expect(present).toEqual(presentFields(full).filter((id) => allowed.includes(id)));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps everything when everything is allowed, and nothing when nothing is', () => {
    const all = VOCABULARY.fields.map((field) => field.id);
    expect(toBinary(PersonSchema, keepFields(full, all))).toEqual(toBinary(PersonSchema, full));
    expect(toBinary(PersonSchema, keepFields(full, [])).length).toBe(0);
  });

  it('keeps the number of children when only one of their fields is allowed', () => {
    const kept = keepFields(full, expandMask(['children.personal_id']).fields);
    expect(kept.children.map(({ fullName, personalId }) => [fullName, personalId])).toEqual([
      ['', '901210000001'],
      ['', ''],
    ]);
    expect(presentFields(kept)).toEqual([23]);
  });

  it('drops what the vocabulary does not know', () => {
    const odd = clone(PersonSchema, full);
    odd.$unknown = [{ no: 999, wireType: 2, data: new Uint8Array([3, 1, 2, 3]) }];
    const kept = keepFields(
      odd,
      VOCABULARY.fields.map((field) => field.id),
    );
    expect(toBinary(PersonSchema, kept)).toEqual(toBinary(PersonSchema, full));
  });

  it('leaves the person it was given alone', () => {
    const before = toBinary(PersonSchema, full);
    keepFields(full, [2]);
    expect(toBinary(PersonSchema, full)).toEqual(before);
  });
});
