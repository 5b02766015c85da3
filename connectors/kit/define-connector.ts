import type { SlimForm } from './chunk-build.ts';
import type { WantedColumn } from './csv-read.ts';
import { KitError } from './kit-error.ts';
import { printable } from './printable.ts';

/** A column of the agency's file. */
export type ConnectorColumn = {
  /** Name of the column by default, and of what it means here. */
  readonly name: string;
  /**
   * `echo`: comes back as read and is never sent. `match`: sent to be compared, against the field of the vocabulary
   * that `field` names.
   */
  readonly use: 'echo' | 'match';
  readonly field?: string;
  readonly en: string;
  readonly vi: string;
  /** Synthetic. */
  readonly example: string;
};

/** One record as it is sent: the slim form, or its texts exactly as read. */
export type MappedRow =
  | { readonly form: 'slim'; readonly idNumber: number; readonly fullName: string; readonly birthDate: number }
  | { readonly form: 'text'; readonly idNumber: string; readonly fullName: string; readonly birthDate: string };

export type MappingOptions = {
  readonly dateOrder: 'day-first' | 'month-first';
  /** In this file 1 January stands for "day and month unknown": such a date is read by the gateway, as text. */
  readonly newYearMeansUnknown?: boolean;
};

/** A check of the contract suite that a connector does not pass, and why; a waiver that is not needed fails too. */
export type Waiver = { readonly check: string; readonly reason: string };

export type ConnectorDefinition = {
  /** Folder name. */
  readonly name: string;
  readonly purpose: string;
  readonly en: string;
  readonly vi: string;
  readonly columns: readonly ConnectorColumn[];
  /** Columns of the results file, in order; only ever appended. */
  readonly output: readonly string[];
  /** Total and pure: any cells give a row. `cells` stand in the order of `columns`. */
  readonly map: (cells: readonly string[], options: MappingOptions) => MappedRow;
  /** What `map` decides by, without making an object a row. */
  readonly slimForm: (options: MappingOptions) => SlimForm;
  readonly waivers?: readonly Waiver[];
};

export type Connector = ConnectorDefinition & {
  /**
   * The columns with the headers that a file uses for them. Throws KitError COLUMN_UNKNOWN for a name that the
   * connector has not.
   */
  wanted(headers?: Readonly<Record<string, string>>): readonly WantedColumn[];
};

/** A connector is data and pure functions; the kit reads, signs, sends, resumes and writes. */
export function defineConnector(definition: ConnectorDefinition): Connector {
  const names = definition.columns.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new TypeError(`${definition.name}: a column stands twice`);
  return {
    ...definition,
    wanted(headers = {}) {
      for (const column of Object.keys(headers)) {
        if (!names.includes(column)) throw new KitError('COLUMN_UNKNOWN', { column, needed: names.join(', ') });
      }
      return names.map((name) => ({ name, header: headers[name] ?? name }));
    },
  };
}

/** `id_number=SO_GTTT,full_name=HO_TEN` as a table. Throws KitError COLUMNS_WRONG for a piece that is no such pair. */
export function parseColumns(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const piece of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', ...rest] = piece.split('=');
    const header = rest.join('=').trim();
    if (header === '' || name.trim() === '') throw new KitError('COLUMNS_WRONG', { piece: printable(piece.trim()) });
    headers[name.trim()] = header;
  }
  return headers;
}
