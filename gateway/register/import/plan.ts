/** What each column of a file means: read once from the header. */

import { filled } from '../../errors/words.ts';
import { COLUMN_BY_PATH, type Column, RELATIONS } from '../columns.ts';
import { IMPORT_WORDS } from './import-words.ts';
import { ImportError } from './reject.ts';

/** How the cell of a column is read; `index` is its place in the row. */
export interface PlanColumn {
  readonly index: number;
  /** As the header writes it. */
  readonly header: string;
  readonly field: Column;
  /** Catalogue of units given without one; `mobile` and `birth_province_code` have forms of their own. */
  readonly form: 'plain' | 'mobile' | 'birth_code';
}

export interface RelationColumns {
  readonly kind: number;
  readonly many: boolean;
  readonly name: PlanColumn | undefined;
  readonly number: PlanColumn | undefined;
}

/** Structured-clonable: it goes to the worker threads as it is. */
export interface ImportPlan {
  readonly headers: readonly string[];
  readonly personalId: number;
  readonly fullName: number;
  /** Places of the columns that speak of the number and the life; -1 where the file has none. */
  readonly status: number;
  readonly idStatus: number;
  readonly supersededBy: number;
  readonly oldNumbers: number;
  /** Columns that go to a column of `person` each, except those above. */
  readonly columns: readonly PlanColumn[];
  readonly sensitive: readonly PlanColumn[];
  readonly relations: readonly RelationColumns[];
}

/** Names of `persons.csv` that are not field paths. */
const ALIASES: Readonly<Record<string, string>> = {
  birth_province_code: 'birth_registration_place',
  old_cmnd: 'old_identity_numbers',
  status: 'life.status',
  mobile: 'contact.mobile',
  permanent_address: 'permanent_address.detail',
};
const OWN = new Set(['superseded_by', 'id_status']);
const REQUIRED = ['personal_id', 'full_name', 'date_of_birth'] as const;

/** Reads the header. Throws ImportError HEADER that names the column at fault. */
export function planImport(header: readonly string[]): ImportPlan {
  const names = header.map((name) => name.trim());
  const fields = new Map<string, PlanColumn>();
  const own = new Map<string, number>();
  names.forEach((name, index) => {
    if (OWN.has(name)) {
      if (own.has(name)) throw new ImportError('HEADER', filled(IMPORT_WORDS.columnTwice, { column: name }));
      own.set(name, index);
      return;
    }
    const path = ALIASES[name] ?? name;
    const field = COLUMN_BY_PATH.get(path);
    if (field === undefined)
      throw new ImportError('HEADER', filled(IMPORT_WORDS.columnUnknown, { column: printable(name) }));
    const before = fields.get(path);
    if (before !== undefined)
      throw new ImportError('HEADER', filled(IMPORT_WORDS.sameField, { before: before.header, column: name }));
    const form = path === 'contact.mobile' ? 'mobile' : path === 'birth_registration_place' ? 'birth_code' : 'plain';
    fields.set(path, { index, header: name, field, form });
  });
  for (const name of REQUIRED) {
    if (!fields.has(name)) throw new ImportError('HEADER', filled(IMPORT_WORDS.columnMissing, { column: name }));
  }
  const place = (path: string) => fields.get(path)?.index ?? -1;
  const byId = new Map([...fields.values()].map((column) => [column.field.id, column]));
  const special = new Set(['personal_id', 'life.status']);
  return {
    headers: names,
    personalId: place('personal_id'),
    fullName: place('full_name'),
    status: place('life.status'),
    idStatus: own.get('id_status') ?? -1,
    supersededBy: own.get('superseded_by') ?? -1,
    oldNumbers: place('old_identity_numbers'),
    columns: [...fields.values()].filter(({ field }) => field.column !== '' && !special.has(field.path)),
    sensitive: [...fields.values()].filter(({ field }) => field.shape === 'sealed'),
    relations: RELATIONS.map(({ kind, many, nameId, numberId }) => ({
      kind,
      many,
      name: byId.get(nameId),
      number: byId.get(numberId),
    })).filter(({ name, number }) => name !== undefined || number !== undefined),
  };
}

/** A header is no personal data, but a file without one puts data there: only what looks like a name is repeated. */
function printable(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_.]{0,60}$/.test(name) ? name : 'a cell that is no column name; is the header missing?';
}
