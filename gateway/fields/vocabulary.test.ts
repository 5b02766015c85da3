import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FieldClass, FieldOwner, FieldSubject } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import { GetPersonRequestSchema, PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { fieldsTable } from './page.ts';
import { idOf, pathOf, readVocabulary, VOCABULARY } from './vocabulary.ts';

/** Frozen: these pairs stand in logs, agreements and consents. A line may be added, never changed or removed. */
const FROZEN = `
1 personal_id
2 full_name
3 date_of_birth
4 sex
5 other_names
6 birthplace
7 birth_registration_place
8 origin
9 ethnicity
10 religion
11 nationalities
12 blood_type
13 old_identity_numbers
14 card.issued_on
15 card.expires_on
16 father.full_name
17 father.personal_id
18 mother.full_name
19 mother.personal_id
20 spouse.full_name
21 spouse.personal_id
22 children.full_name
23 children.personal_id
24 legal_representative.full_name
25 legal_representative.personal_id
26 represented_person.full_name
27 represented_person.personal_id
28 permanent_address.province
29 permanent_address.commune
30 permanent_address.detail
31 temporary_address.province
32 temporary_address.commune
33 temporary_address.detail
34 current_address.province
35 current_address.commune
36 current_address.detail
37 absence
38 residence_file_number
39 marital_status
40 household.relation_to_head
41 household.head_full_name
42 household.head_personal_id
43 household.member_names
44 life.status
45 life.deceased_on
46 life.missing_since
47 contact.mobile
48 contact.email
49 other
`;

describe('the vocabulary', () => {
  it('gives each path the id it has had from the beginning, and no other path exists', () => {
    expect(VOCABULARY.fields.map((field) => `${field.id} ${field.path}`)).toEqual(FROZEN.trim().split('\n'));
  });

  it('is the same on its page', () => {
    const page = readFileSync(new URL('../docs/design/fields.md', import.meta.url), 'utf8');
    expect(page.slice(page.indexOf('Vocabulary version ')).trimEnd()).toBe(fieldsTable());
  });

  it('carries class, owner and subject of each leaf', () => {
    expect(VOCABULARY.byPath.get('religion')).toEqual({
      id: 10,
      path: 'religion',
      class: FieldClass.SENSITIVE,
      owner: FieldOwner.DECLARATION,
      subject: FieldSubject.SELF,
    });
    expect(VOCABULARY.byPath.get('children.full_name')?.subject).toBe(FieldSubject.RELATIVE);
  });

  it('knows ids and paths both ways, and no group as a leaf', () => {
    for (const { id, path } of VOCABULARY.fields) {
      expect(pathOf(id)).toBe(path);
      expect(idOf(path)).toBe(id);
    }
    expect(idOf('children')).toBeUndefined();
    expect(idOf('toString')).toBeUndefined();
    expect(() => pathOf(50)).toThrow('no field has the id 50');
  });

  it('does not read a message whose members are no leaves and no groups', () => {
    expect(() => readVocabulary(GetPersonRequestSchema)).toThrow('neither a leaf nor a group');
  });

  it('does not read two leaves with one id', () => {
    const twice = { ...PersonSchema, fields: [...PersonSchema.fields, ...PersonSchema.fields.slice(0, 1)] };
    expect(() => readVocabulary(twice as typeof PersonSchema)).toThrow('an id is given twice');
  });
});
