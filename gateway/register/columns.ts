/** Where each field of the vocabulary stands in the register. */

/**
 * How a field is kept and turned into the contract's form:
 * - `number`: bigint, shown as 12 digits; `date`: YYYYMMDD with 00 for unknown parts; `code`: smallint, the proto's enum value
 * - `text`, `texts` (text[]), `unit` (text `code@catalogue`)
 * - `sealed`: inside person.sealed; `identifiers`: table identifier; `relation`: table relation
 */
export type Shape = 'number' | 'text' | 'texts' | 'date' | 'code' | 'unit' | 'sealed' | 'identifiers' | 'relation';

export interface Column {
  /** Field id of vocabulary version 1. */
  readonly id: number;
  readonly path: string;
  readonly shape: Shape;
  /** Column of `person`; empty for what stands elsewhere. */
  readonly column: string;
}

const column = (id: number, path: string, shape: Shape, name = ''): Column => ({ id, path, shape, column: name });

/** All leaves, by id. */
export const COLUMNS: readonly Column[] = [
  column(1, 'personal_id', 'number', 'personal_id'),
  column(2, 'full_name', 'text', 'full_name'),
  column(3, 'date_of_birth', 'date', 'date_of_birth'),
  column(4, 'sex', 'code', 'sex'),
  column(5, 'other_names', 'texts', 'other_names'),
  column(6, 'birthplace', 'text', 'birthplace'),
  column(7, 'birth_registration_place', 'unit', 'birth_registration_place'),
  column(8, 'origin', 'text', 'origin'),
  column(9, 'ethnicity', 'sealed'),
  column(10, 'religion', 'sealed'),
  column(11, 'nationalities', 'texts', 'nationalities'),
  column(12, 'blood_type', 'sealed'),
  column(13, 'old_identity_numbers', 'identifiers'),
  column(14, 'card.issued_on', 'date', 'card_issued_on'),
  column(15, 'card.expires_on', 'date', 'card_expires_on'),
  column(16, 'father.full_name', 'relation'),
  column(17, 'father.personal_id', 'relation'),
  column(18, 'mother.full_name', 'relation'),
  column(19, 'mother.personal_id', 'relation'),
  column(20, 'spouse.full_name', 'relation'),
  column(21, 'spouse.personal_id', 'relation'),
  column(22, 'children.full_name', 'relation'),
  column(23, 'children.personal_id', 'relation'),
  column(24, 'legal_representative.full_name', 'relation'),
  column(25, 'legal_representative.personal_id', 'relation'),
  column(26, 'represented_person.full_name', 'relation'),
  column(27, 'represented_person.personal_id', 'relation'),
  column(28, 'permanent_address.province', 'unit', 'permanent_province'),
  column(29, 'permanent_address.commune', 'unit', 'permanent_commune'),
  column(30, 'permanent_address.detail', 'text', 'permanent_detail'),
  column(31, 'temporary_address.province', 'unit', 'temporary_province'),
  column(32, 'temporary_address.commune', 'unit', 'temporary_commune'),
  column(33, 'temporary_address.detail', 'text', 'temporary_detail'),
  column(34, 'current_address.province', 'unit', 'current_province'),
  column(35, 'current_address.commune', 'unit', 'current_commune'),
  column(36, 'current_address.detail', 'text', 'current_detail'),
  column(37, 'absence', 'text', 'absence'),
  column(38, 'residence_file_number', 'text', 'residence_file_number'),
  column(39, 'marital_status', 'code', 'marital_status'),
  column(40, 'household.relation_to_head', 'text', 'relation_to_head'),
  column(41, 'household.head_full_name', 'relation'),
  column(42, 'household.head_personal_id', 'relation'),
  column(43, 'household.member_names', 'relation'),
  column(44, 'life.status', 'code', 'life_status'),
  column(45, 'life.deceased_on', 'date', 'deceased_on'),
  column(46, 'life.missing_since', 'date', 'missing_since'),
  column(47, 'contact.mobile', 'text', 'mobile'),
  column(48, 'contact.email', 'text', 'email'),
  column(49, 'other', 'text', 'other'),
];

export const COLUMN_BY_ID: ReadonlyMap<number, Column> = new Map(COLUMNS.map((entry) => [entry.id, entry]));
export const COLUMN_BY_PATH: ReadonlyMap<string, Column> = new Map(COLUMNS.map((entry) => [entry.path, entry]));

/** One kind of relative: the fields that show its name and its number (0 = the register has no such field). */
export interface RelationKind {
  readonly kind: number;
  readonly group: string;
  readonly nameId: number;
  readonly numberId: number;
  /** A person may have several. */
  readonly many: boolean;
}

/** Kinds of table relation. */
export const RELATIONS: readonly RelationKind[] = [
  { kind: 1, group: 'father', nameId: 16, numberId: 17, many: false },
  { kind: 2, group: 'mother', nameId: 18, numberId: 19, many: false },
  { kind: 3, group: 'spouse', nameId: 20, numberId: 21, many: false },
  { kind: 4, group: 'children', nameId: 22, numberId: 23, many: true },
  { kind: 5, group: 'legal_representative', nameId: 24, numberId: 25, many: false },
  { kind: 6, group: 'represented_person', nameId: 26, numberId: 27, many: false },
  { kind: 7, group: 'household head', nameId: 41, numberId: 42, many: false },
  { kind: 8, group: 'household members', nameId: 43, numberId: 0, many: true },
];

/** Kinds of table identifier. */
export const ID_KIND = { personal: 1, oldCard: 2 } as const;
