import type { Connector, MappedRow } from '../../connectors/kit/define-connector.ts';

/** What every connector must keep. A check gives the problem it found, or undefined. */
export type ContractInput = {
  readonly connector: Connector;
  /** Text of its README.md. */
  readonly readme: string;
  /** Paths of the vocabulary. */
  readonly fieldPaths: ReadonlySet<string>;
  /** Cells to map, generated; the suite adds awkward ones of its own. */
  readonly records: readonly (readonly string[])[];
};

type Check = (input: ContractInput) => string | undefined;

const AWKWARD = [
  '',
  ' ',
  '\u0000',
  '\ufeff',
  '=1+1',
  "'",
  '-1',
  '999999999999',
  '0'.repeat(12),
  '1e12',
  '١٢٣٤٥٦٧٨٩٠١٢',
  '2024-02-30',
  '31/12/1999',
  '0000-00-00',
  'Đ\u0301',
  '\ud83d\ude00',
  'x'.repeat(5000),
  '__proto__',
] as const;

const ORDERS = ['day-first', 'month-first'] as const;

function* allRecords({ connector, records }: ContractInput): Generator<readonly string[]> {
  const width = connector.columns.length;
  yield* records;
  yield [];
  for (const text of AWKWARD) {
    yield new Array<string>(width).fill(text);
    for (let column = 0; column < width; column++) {
      yield connector.columns.map((described, index) => (index === column ? text : described.example));
    }
  }
}

/** Runs `look` on every mapped record; the first problem it names. */
function overRows(
  input: ContractInput,
  look: (row: MappedRow, cells: readonly string[], order: (typeof ORDERS)[number]) => string | undefined,
): string | undefined {
  for (const cells of allRecords(input)) {
    for (const dateOrder of ORDERS) {
      const problem = look(input.connector.map(cells, { dateOrder }), cells, dateOrder);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

const cellOf = ({ columns }: Connector, cells: readonly string[], field: string): string =>
  cells[columns.findIndex((column) => column.field === field)] ?? '';

export const CONTRACT_CHECKS = {
  'maps every record, whatever its cells': (input) =>
    overRows(input, (row) => (row.form === 'slim' || row.form === 'text' ? undefined : 'no row for a record')),
  'gives the same row for the same record': (input) =>
    overRows(input, (row, cells, dateOrder) =>
      JSON.stringify(row) === JSON.stringify(input.connector.map(cells, { dateOrder })) ? undefined : 'not pure',
    ),
  'repairs nothing: texts are sent as read, names always': (input) =>
    overRows(input, (row, cells) => {
      const { connector } = input;
      if (row.fullName !== cellOf(connector, cells, 'full_name')) return 'the name was changed';
      if (row.form === 'slim') return undefined;
      if (row.idNumber !== cellOf(connector, cells, 'personal_id')) return 'the number was changed';
      return row.birthDate === cellOf(connector, cells, 'date_of_birth') ? undefined : 'the date was changed';
    }),
  'uses the slim form for 12 digits and whole dates only': (input) =>
    overRows(input, (row, cells) => {
      if (row.form === 'text') return undefined;
      const id = cellOf(input.connector, cells, 'personal_id');
      if (String(row.idNumber).padStart(12, '0') !== id) return 'a number that is not these 12 digits';
      const [month, day] = [Math.floor(row.birthDate / 100) % 100, row.birthDate % 100];
      return month > 0 && day > 0 ? undefined : 'a date that is not whole';
    }),
  'decides alike for one record and for a chunk': (input) =>
    overRows(input, (row, cells, dateOrder) => {
      const slim = input.connector.slimForm({ dateOrder });
      const idText = Buffer.from(cellOf(input.connector, cells, 'personal_id'), 'utf8');
      const dateText = Buffer.from(cellOf(input.connector, cells, 'date_of_birth'), 'utf8');
      const id = slim.idNumber(idText, 0, idText.length);
      const date = slim.birthDate(dateText, 0, dateText.length);
      const form = id !== 0 && date !== 0 ? 'slim' : 'text';
      return form === row.form ? undefined : 'map and slimForm differ';
    }),
  'matches on fields that the vocabulary has': ({ connector, fieldPaths }) => {
    const matched = connector.columns.filter((column) => column.use === 'match');
    if (matched.length === 0) return 'no column is matched';
    const wrong = matched.find(({ field }) => field === undefined || !fieldPaths.has(field));
    return wrong === undefined ? undefined : `column ${wrong.name} names no field`;
  },
  'maps the example record of its table to the slim form': ({ connector }) => {
    const row = connector.map(
      connector.columns.map(({ example }) => example),
      { dateOrder: 'day-first' },
    );
    return row.form === 'slim' ? undefined : 'the examples are no clean record';
  },
  'uses synthetic examples': ({ connector }) =>
    connector.columns.every(({ field, example }) => field !== 'personal_id' || /^9\d{11}$/.test(example))
      ? undefined
      : 'an example ID with an assigned prefix',
  'describes every column in both languages': ({ connector }) =>
    connector.columns.every(({ en, vi }) => en.trim() !== '' && vi.trim() !== '')
      ? undefined
      : 'a column without words',
  'names every column in its README': ({ connector, readme }) => {
    const missing = [...connector.columns.map(({ name }) => name), ...connector.output].find(
      (name) => !readme.includes(`\`${name}\``),
    );
    return missing === undefined ? undefined : `README.md does not name \`${missing}\``;
  },
  'names its output columns once each': ({ connector }) =>
    new Set(connector.output).size === connector.output.length ? undefined : 'an output column stands twice',
} as const satisfies Record<string, Check>;

export type ContractResult = {
  readonly check: string;
  readonly problem: string | undefined;
  readonly waived: string | undefined;
};

/**
 * Runs the suite over one connector. A throw is a problem of its check. A waiver turns its check around: it must fail,
 * or the waiver is stale; a waiver for a check that does not exist is a problem too.
 */
export function runContract(input: ContractInput): readonly ContractResult[] {
  const waivers = new Map((input.connector.waivers ?? []).map(({ check, reason }) => [check, reason]));
  const results = Object.entries(CONTRACT_CHECKS as Record<string, Check>).map(([check, run]) => {
    const waived = waivers.get(check);
    waivers.delete(check);
    const found = attempt(run, input);
    if (waived === undefined) return { check, problem: found, waived };
    return { check, problem: found === undefined ? 'passes, so its waiver is stale' : undefined, waived };
  });
  const unknown = [...waivers].map(([check, reason]) => ({ check, problem: 'waives no check', waived: reason }));
  return [...results, ...unknown];
}

function attempt(run: Check, input: ContractInput): string | undefined {
  try {
    return run(input);
  } catch (error) {
    return `throws ${error instanceof Error ? error.name : 'something'}`;
  }
}
