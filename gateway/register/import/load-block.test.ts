import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unseal } from '../../sealing/seal.ts';
import { sensitiveContext } from '../sensitive.ts';
import { type Block, createFramer } from './frame.ts';
import { createLoader } from './load-block.ts';
import type { LoadedBlock } from './load-worker.ts';
import { planImport } from './plan.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const [LOG_KEY, SEALED] = [5, 6];

/** The columns of each row of COPY. */
function decode(bytes: Uint8Array): (Buffer | null)[][] {
  const buffer = Buffer.from(bytes);
  const rows: (Buffer | null)[][] = [];
  for (let at = 0; at < buffer.length; ) {
    const row: (Buffer | null)[] = [];
    const count = buffer.readInt16BE(at);
    at += 2;
    for (let column = 0; column < count; column++) {
      const length = buffer.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : buffer.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
  return rows;
}

/** All that a block gives, with what is random made comparable. */
function comparable(loaded: LoadedBlock): unknown {
  const person = decode(loaded.person);
  const keys = new Map(person.map((row) => [row[0]?.toString('hex'), row[LOG_KEY]?.toString('hex')]));
  const match = decode(loaded.match).map((row) => {
    expect(row[8]?.toString('hex')).toBe(keys.get(row[1]?.toString('hex')));
    return row.toSpliced(8, 1);
  });
  const opened = person.map((row) => {
    expect(row[LOG_KEY]?.length).toBe(16);
    const sealed = row[SEALED];
    const personNo = Number(row[0]?.readBigInt64BE() ?? 0n);
    const plain = sealed && unseal(key, sensitiveContext(personNo, 'k1'), sealed);
    expect(plain === undefined).toBe(false);
    return row.with(LOG_KEY, null).with(SEALED, plain ?? null);
  });
  const { numbers, rejects, rows, persons, marks } = loaded;
  return {
    person: opened,
    identifier: decode(loaded.identifier),
    relation: decode(loaded.relation),
    match,
    numbers,
    rejects,
    rows,
    persons,
    marks,
  };
}

function blocksOf(file: Buffer, cuts: readonly number[]): Block[] {
  const framer = createFramer();
  const blocks: (Block | undefined)[] = [];
  let from = 0;
  for (const cut of [...cuts, file.length].sort((a, b) => a - b)) {
    const to = Math.min(cut, file.length);
    if (to > from) blocks.push(framer.push(file.subarray(from, to)));
    from = Math.max(from, to);
  }
  blocks.push(framer.end());
  return blocks.filter((block) => block !== undefined).map((block) => ({ ...block, bytes: Buffer.from(block.bytes) }));
}

const HEADERS = [
  'personal_id,full_name,date_of_birth,sex,birth_province_code,old_cmnd,status,superseded_by,mobile,permanent_address,ethnicity',
  'ethnicity,religion,blood_type,date_of_birth,full_name,id_status,personal_id,old_cmnd,card.expires_on,nationalities,marital_status,permanent_address.commune,father.full_name,father.personal_id,children.full_name,children.personal_id',
];
const CELLS: Record<string, readonly string[]> = {
  personal_id: ['901085000001', '001085000002', '902190000003', '90108500000', '000085000001', '٩01085000001'],
  full_name: [
    'Nguyễn Văn An',
    'Lê "Chi" Chi',
    'a,b',
    'x'.repeat(1001),
    'ễ'.repeat(400),
    'ễ'.normalize('NFD'),
    'ʿ',
    'Ω',
    '\u00ad',
  ],
  date_of_birth: ['1985-03-27', '1985-02-29', '1985', '1985-07', '1985-00', '1985-07-00', '2149', '1849', '27/03/1985'],
  sex: ['M', 'F', 'm', 'constructor'],
  birth_province_code: ['001', '003', '295', '1', '001@63-provinces', '001@2025-07-01', 'A-1'],
  old_cmnd: [
    '012345678',
    '012345678;112233445',
    '012345678;012345678',
    '1;2',
    '012345678;',
    '000000000',
    '111111111;222222222;333333333',
    '111111111 ;222222222',
    '1111111111222222222',
  ],
  status: ['alive', 'deceased', 'missing', 'id_superseded', 'cancelled', 'dead'],
  id_status: ['current', 'superseded', 'cancelled'],
  superseded_by: ['', '901085000009', '901085000001', '1'],
  mobile: ['0971234567', '84971234567', '+84971234567', '+1', '12', '+8497123456x'],
  permanent_address: ['12 ngõ 5, phố Huế', 'Ấp 3', '€', '\u0007'],
  ethnicity: ['Kinh', 'Tày', 'Khmer', 'x'.repeat(60)],
  religion: ['Không', 'a;b'],
  blood_type: ['O+', 'AB'],
  'card.expires_on': ['2100-01-01', '2151-01-01'],
  nationalities: ['VN', 'VN;US', ' VN ; ', ';'],
  marital_status: ['single', 'married', 'x'],
  'permanent_address.commune': [
    '00001',
    '00001@2025-07-01',
    '00001@before-2025-07-01',
    'ABCDEFGHIJK',
    '@2025-07-01',
    '1@63-provinces',
  ],
  'father.full_name': ['Cha', 'A;B'],
  'father.personal_id': ['901060000001', '123456789', '000000000', '12'],
  'children.full_name': ['An', 'An;Ba', ';'],
  'children.personal_id': ['901060000001', '901060000001;', '901060000001;123456789'],
};

/** A cell of a column: mostly one that fits, sometimes anything; mostly written as it should be. */
function cellOf(column: string): fc.Arbitrary<string> {
  const own = fc.constantFrom(...(CELLS[column] ?? ['']));
  const likely = fc.constant(CELLS[column]?.[0] ?? '');
  const hostile = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom('"', '""', 'a"b', '"a"b', ' a', '\r', '\n', '\t', '\ufeff'),
  );
  const value = fc.oneof({ weight: 30, arbitrary: likely }, { weight: 4, arbitrary: own }, fc.constant(''), hostile);
  const style = fc.constantFrom('plain', 'plain', 'plain', 'quoted', 'quoted', 'raw quoted', 'spaced');
  return fc.tuple(value, style).map(([text, how]) => {
    if (how === 'quoted' || (how === 'plain' && text.includes(','))) return `"${text.replaceAll('"', '""')}"`;
    if (how === 'raw quoted') return `"${text}"`;
    return how === 'spaced' ? ` ${text} ` : text;
  });
}

const fileOf = (header: string): fc.Arbitrary<Buffer> => {
  const row = fc.tuple(...header.split(',').map(cellOf)).map((cells) => cells.join(','));
  const other = fc.oneof(fc.constantFrom('', ' ', '""', ','), fc.string({ maxLength: 20 }));
  const line = fc.oneof({ weight: 8, arbitrary: row }, other);
  const end = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r\r\n');
  return fc
    .tuple(
      fc.constantFrom('', '\ufeff'),
      fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      fc.option(fc.tuple(fc.nat(2000), fc.integer({ min: 128, max: 255 })), { freq: 4 }),
    )
    .map(([mark, lines, whole, damage]) => {
      const text = lines.map(([text, end]) => text + end).join('');
      const bytes = Buffer.from(`${mark}${header}\n${whole ? text : text.trimEnd()}`);
      // A byte that need not be UTF-8, behind the header.
      const from = header.length + 4;
      if (damage !== null && bytes.length > from) bytes[from + (damage[0] % (bytes.length - from))] = damage[1];
      return bytes;
    });
};

test.each(HEADERS)('bytes and texts read the same of any file: %s', (header) => {
  const data = { plan: planImport(header.split(',')), importNo: 3, key, keyId: 'k1', today: 20260101 };
  let clean = 0;
  for (const deployment of ['development', 'production'] as const) {
    const byBytes = createLoader({ ...data, deployment });
    const byTexts = createLoader({ ...data, deployment }, false);
    fc.assert(
      fc.property(fileOf(header), fc.array(fc.nat(1200), { maxLength: 3 }), (file, cuts) => {
        for (const block of blocksOf(file, cuts)) {
          const mine = byBytes(block);
          clean += mine.persons;
          expect(comparable(mine)).toEqual(comparable(byTexts(block)));
        }
      }),
      { numRuns: 700 },
    );
  }
  expect(clean).toBeGreaterThan(500);
});
