/** People for tests of the whole gateway: each hand-made one stands for a case, the crowd fills the table. */
import { randomBytes } from 'node:crypto';
import type { Pool } from '../../gateway/storage/pool.ts';

export interface TestPerson {
  /** 12 digits as a number. */
  readonly id: number;
  readonly name: string;
  /** YYYYMMDD, 00 for what is unknown. */
  readonly born: number;
  /** 1 alive, 2 deceased, 3 missing. */
  readonly life?: number;
  /** Status of `id`: 1 current, 3 cancelled. */
  readonly status?: number;
  /** 9-digit numbers of old cards. */
  readonly cards?: readonly number[];
  /** 12-digit numbers that `id` replaced. */
  readonly before?: readonly number[];
}

/** One person a case. */
export const PEOPLE = {
  an: { id: 901085000017, name: 'Nguyễn Văn An', born: 19850327, cards: [11000017] },
  deceased: { id: 901050000021, name: 'Trần Thị Bích', born: 19500612, life: 2 },
  missing: { id: 901070000033, name: 'Lê Văn Cường', born: 19700923, life: 3 },
  renumbered: { id: 902090000046, name: 'Phạm Thị Dung', born: 19900215, before: [901090000045] },
  cancelled: { id: 901060000058, name: 'Hoàng Văn Em', born: 19600404, status: 3 },
  sharesCard: { id: 901088000061, name: 'Vũ Thị Hoa', born: 19880808, cards: [23456789] },
  sharesCardToo: { id: 901079000073, name: 'Đặng Văn Hùng', born: 19790501, cards: [23456789] },
  yearOnly: { id: 901040000085, name: 'Bùi Thị Lan', born: 19400000 },
  yearAndMonth: { id: 901045000097, name: 'Đỗ Văn Minh', born: 19450300 },
} as const satisfies Record<string, TestPerson>;

const FAMILIES = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Phan', 'Vũ', 'Đặng', 'Bùi', 'Đỗ'] as const;
const MIDDLES = ['Văn', 'Thị', 'Hữu', 'Đức', 'Ngọc', 'Minh', 'Thu'] as const;
const GIVEN = [
  'Anh',
  'Bình',
  'Chi',
  'Dũng',
  'Giang',
  'Hà',
  'Khánh',
  'Linh',
  'Nam',
  'Oanh',
  'Phúc',
  'Quân',
  'Sơn',
] as const;

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Person `n` of the crowd: always the same one. */
export function crowdPerson(n: number): TestPerson {
  const name = `${pick(FAMILIES, n)} ${pick(MIDDLES, n * 3 + 1)} ${pick(GIVEN, n * 5 + 2)}`;
  return { id: 903_000_000_000 + n, name, born: (1950 + (n % 50)) * 10_000 + (1 + (n % 12)) * 100 + 1 + (n % 28) };
}

/** As the register prints a date: "1985-03-27", "1945-03", "1940". */
export function printDate(born: number): string {
  const text = String(born);
  const parts = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].filter((part) => part !== '00');
  return parts.join('-');
}

interface MatchRow {
  readonly value: number;
  readonly person: number;
  readonly current: number;
  readonly kind: number;
  readonly status: number;
}

/** Puts people into an empty register. Their log keys are random bytes, which is what wrapped keys look like. */
export async function addPeople(pool: Pool, people: readonly TestPerson[]): Promise<void> {
  const { rows } = await pool.query<{ last: number }>('SELECT coalesce(max(person_no), 0)::float8 AS last FROM person');
  const from = (rows[0]?.last ?? 0) + 1;
  const keys = people.map(() => randomBytes(16));
  const hex = (bytes: Buffer) => `\\x${bytes.toString('hex')}`;
  await pool.query(
    `INSERT INTO person (person_no, personal_id, import_no, date_of_birth, sex, id_status, life_status, log_key, full_name)
     SELECT no, id, 1, born, 1, status, life, key::bytea, name
     FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::smallint[], $5::smallint[], $6::text[], $7::text[])
       AS p (no, id, born, status, life, key, name)`,
    [
      people.map((_, i) => from + i),
      people.map(({ id }) => id),
      people.map(({ born }) => born),
      people.map(({ status = 1 }) => status),
      people.map(({ life = 1 }) => life),
      keys.map(hex),
      people.map(({ name }) => name),
    ],
  );
  const matches = people.flatMap(({ id, status = 1, cards = [], before = [] }, i): MatchRow[] => [
    { value: id, person: i, current: 0, kind: 1, status },
    ...before.map((value) => ({ value, person: i, current: id, kind: 1, status: 2 })),
    ...cards.map((value) => ({ value, person: i, current: id, kind: 2, status: 2 })),
  ]);
  matches.sort((a, b) => a.value - b.value);
  const values = [
    matches.map(({ value }) => value),
    matches.map(({ person }) => from + person),
    matches.map(({ kind }) => kind),
    matches.map(({ status }) => status),
  ];
  await pool.query(
    `INSERT INTO identifier (value, person_no, kind, status)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[])`,
    values,
  );
  await pool.query(
    `INSERT INTO person_match (value, person_no, kind, id_status, current_id, birth_date, sex, person_status, log_key, name)
     SELECT value, no, kind, status, current, born, 1, life, key::bytea, name
     FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::bigint[], $6::integer[], $7::smallint[], $8::text[], $9::text[])
       AS m (value, no, kind, status, current, born, life, key, name)`,
    [
      ...values,
      matches.map(({ current }) => current),
      matches.map(({ person }) => people[person]?.born),
      matches.map(({ person }) => people[person]?.life ?? 1),
      matches.map(({ person }) => hex(keys[person] ?? Buffer.alloc(16))),
      matches.map(({ person }) => people[person]?.name),
    ],
  );
  await pool.query('UPDATE register_head SET position = position + 1, as_of = now()');
  await pool.query('ANALYZE person_match');
}
