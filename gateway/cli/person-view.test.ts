import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { LifeStatus, PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { Sex } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { dateText, personLines } from './person-view.ts';

describe('a person for people', () => {
  test('has what is set, in the vocabulary’s order, and nothing else', () => {
    const person = create(PersonSchema, {
      personalId: '901085000017',
      fullName: 'Nguyễn Văn An',
      dateOfBirth: { year: 1985, month: 3, day: 7 },
      sex: Sex.MALE,
      nationalities: ['VN', 'LA'],
      children: [{ fullName: 'Nguyễn Bình' }, { fullName: 'Nguyễn Chi' }],
      permanentAddress: { province: { code: '14', name: 'Sơn La', catalogueVersion: '2025-07-01' }, detail: 'Thôn 12' },
      life: { status: LifeStatus.ALIVE },
    });
    expect(personLines(person)).toEqual([
      ['personal_id', '901085000017'],
      ['full_name', 'Nguyễn Văn An'],
      ['date_of_birth', '07/03/1985'],
      ['sex', 'MALE'],
      ['nationalities', 'VN; LA'],
      ['children.full_name', 'Nguyễn Bình; Nguyễn Chi'],
      ['permanent_address.province', 'Sơn La (14), catalogue 2025-07-01'],
      ['permanent_address.detail', 'Thôn 12'],
      ['life.status', 'ALIVE'],
    ]);
    expect(personLines(undefined)).toEqual([]);
    expect(personLines(create(PersonSchema))).toEqual([]);
  });

  test.each([
    [{ year: 1985, month: 3, day: 7 }, '07/03/1985'],
    [{ year: 1985, month: 3, day: 0 }, '03/1985'],
    [{ year: 1985, month: 0, day: 0 }, '1985'],
  ])('dates as far as they are known: %j', (date, text) => {
    expect(dateText(date)).toBe(text);
  });
});
