/** Reads the named fields of persons, and nothing else: columns, sealed records and relatives not asked for stay unread. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import type { PersonRecord, RelativeShown } from '../exchange/lookup-port.ts';
import type { Database, Pool } from '../storage/pool.ts';
import { createUnits, type Units } from './administrative-units.ts';
import { COLUMN_BY_ID, type Column, ID_KIND, RELATIONS, type RelationKind } from './columns.ts';
import { unpackDate } from './partial-date.ts';
import { type KeyPort, openSensitive } from './sensitive.ts';

const LOG_KEY = 16;
const SENSITIVE = { 9: 'ethnicity', 10: 'religion', 12: 'bloodType' } as const;

type Init = Record<string, unknown>;
type Row = Record<string, unknown> & { person_no: number };
interface RelativeRow {
  readonly person_no: number;
  readonly kind: number;
  readonly name: string | null;
  readonly relative_id: number | null;
  readonly relative_no: number | null;
  readonly log_key: Uint8Array | null;
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The number as people write it: 12 digits, or 9 for a number of an old card. */
export function printNumber(value: number): string {
  return String(value).padStart(value < 1_000_000_000 ? 9 : 12, '0');
}

function put(init: Init, path: string, value: unknown): void {
  const names = path.split('.').map(camel);
  let into = init;
  for (const name of names.slice(0, -1)) {
    into[name] ??= {};
    into = into[name] as Init;
  }
  into[names.at(-1) ?? ''] = value;
}

function present(column: Column, value: unknown, units: Units | undefined): unknown {
  if (column.shape === 'number') return printNumber(value as number);
  if (column.shape === 'date') return unpackDate(value as number);
  if (column.shape === 'unit')
    return units?.unit(value as string, column.path.endsWith('.commune') ? 'commune' : 'province');
  return value;
}

function putRelatives(init: Init, kind: RelationKind, rows: readonly RelativeRow[], asked: ReadonlySet<number>): void {
  const name = (row: RelativeRow) => (asked.has(kind.nameId) && row.name !== null ? { fullName: row.name } : {});
  const number = (row: RelativeRow) =>
    asked.has(kind.numberId) && row.relative_id !== null ? { personalId: printNumber(row.relative_id) } : {};
  const [first] = rows;
  if (first === undefined) return;
  if (kind.kind === 8)
    put(
      init,
      'household.member_names',
      rows.map((row) => row.name ?? ''),
    );
  else if (kind.kind === 7) {
    if (asked.has(41) && first.name !== null) put(init, 'household.head_full_name', first.name);
    if (asked.has(42) && first.relative_id !== null)
      put(init, 'household.head_personal_id', printNumber(first.relative_id));
  } else if (kind.many)
    put(
      init,
      kind.group,
      rows.map((row) => ({ ...name(row), ...number(row) })),
    );
  else put(init, kind.group, { ...name(first), ...number(first) });
}

/** The relatives of this register whose name or number the answer shows. */
function shown(kind: RelationKind, rows: readonly RelativeRow[], asked: ReadonlySet<number>): RelativeShown[] {
  return rows.flatMap((row) => {
    const ids = [
      asked.has(kind.nameId) && row.name !== null ? kind.nameId : 0,
      asked.has(kind.numberId) && row.relative_id !== null ? kind.numberId : 0,
    ];
    const fieldIds = ids.filter((id) => id !== 0);
    if (row.relative_no === null || fieldIds.length === 0) return [];
    return [{ personNo: row.relative_no, logKey: row.log_key ?? new Uint8Array(LOG_KEY), fieldIds }];
  });
}

async function relatives(
  db: Database,
  personNos: readonly number[],
  kinds: readonly RelationKind[],
): Promise<Map<number, RelativeRow[]>> {
  const byPerson = new Map<number, RelativeRow[]>();
  if (kinds.length === 0) return byPerson;
  const { rows } = await db.query<RelativeRow>(
    `SELECT r.person_no, r.kind, r.name, r.relative_id, r.relative_no, p.log_key
     FROM relation r LEFT JOIN person p ON p.person_no = r.relative_no
     WHERE r.person_no = ANY ($1::bigint[]) AND r.kind = ANY ($2::smallint[]) ORDER BY r.person_no, r.kind, r.ordinal`,
    [personNos, kinds.map((kind) => kind.kind)],
  );
  for (const row of rows) byPerson.set(row.person_no, [...(byPerson.get(row.person_no) ?? []), row]);
  return byPerson;
}

async function oldNumbers(db: Database, personNos: readonly number[]): Promise<Map<number, string[]>> {
  const { rows } = await db.query<{ person_no: number; value: number }>(
    'SELECT person_no, value FROM identifier WHERE person_no = ANY ($1::bigint[]) AND kind = $2 ORDER BY person_no, value',
    [personNos, ID_KIND.oldCard],
  );
  const byPerson = new Map<number, string[]>();
  for (const row of rows) byPerson.set(row.person_no, [...(byPerson.get(row.person_no) ?? []), printNumber(row.value)]);
  return byPerson;
}

/**
 * `readPersons` of the look-up: the persons found, in the order asked for, each with exactly the fields asked for that the
 * register knows. Field ids are of vocabulary version 1; an id that it does not have is an Error. Throws StorageError, and
 * an Error where a sealed record does not open.
 */
export function createReadPersons({ pool, keys }: { pool: Pool; keys: KeyPort }) {
  const units = createUnits(pool);
  return async (personNos: readonly number[], fieldIds: readonly number[]): Promise<PersonRecord[]> => {
    const asked = new Set(fieldIds);
    const columns = [...asked].map((id) => {
      const column = COLUMN_BY_ID.get(id);
      if (column === undefined) throw new Error(`The register has no field ${id}.`);
      return column;
    });
    const kept = columns.filter((column) => column.column !== '');
    const sealed = columns.filter((column) => column.shape === 'sealed');
    const names = new Set([
      'person_no',
      'log_key',
      'life_status AS "lifeStatus"',
      ...kept.map((column) => column.column),
    ]);
    if (sealed.length > 0) for (const name of ['sealed', 'sealed_key']) names.add(name);
    const { rows } = await pool.query<Row>(
      `SELECT ${[...names].join(', ')} FROM person WHERE person_no = ANY ($1::bigint[])`,
      [personNos],
    );
    const kinds = RELATIONS.filter((kind) => asked.has(kind.nameId) || asked.has(kind.numberId));
    const [related, old, catalogue] = await Promise.all([
      relatives(pool, personNos, kinds),
      asked.has(13) ? oldNumbers(pool, personNos) : undefined,
      kept.some((column) => column.shape === 'unit') ? units() : undefined,
    ]);
    const byNo = new Map(rows.map((row) => [row.person_no, row]));
    const found = [...new Set(personNos)].flatMap((no) => byNo.get(no) ?? []);
    return Promise.all(
      found.map(async (row): Promise<PersonRecord> => {
        const init: Init = {};
        for (const column of kept) {
          const value = row[column.column];
          if (value !== null) put(init, column.path, present(column, value, catalogue));
        }
        if (sealed.length > 0 && row.sealed !== null) {
          const opened = await openSensitive(keys, row.person_no, row.sealed as Uint8Array, String(row.sealed_key));
          for (const { id } of sealed) {
            const name = SENSITIVE[id as keyof typeof SENSITIVE];
            init[name] = opened[name];
          }
        }
        const numbers = old?.get(row.person_no);
        if (numbers !== undefined) init.oldIdentityNumbers = numbers;
        const mine = related.get(row.person_no) ?? [];
        const shownRelatives: RelativeShown[] = [];
        for (const kind of kinds) {
          const ofKind = mine.filter((relative) => relative.kind === kind.kind);
          putRelatives(init, kind, ofKind, asked);
          shownRelatives.push(...shown(kind, ofKind, asked));
        }
        return {
          personNo: row.person_no,
          person: create(PersonSchema, init as MessageInitShape<typeof PersonSchema>),
          logKey: (row.log_key as Uint8Array | null) ?? new Uint8Array(LOG_KEY),
          personStatus: row.lifeStatus as number,
          relatives: shownRelatives,
        };
      }),
    );
  };
}
