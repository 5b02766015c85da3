import { foldedHeader, type WantedColumn } from '../kit/csv-header.ts';
import type { InputFile } from '../kit/input-file.ts';
import type { HiddenCells } from '../kit/xlsx/merged-cells.ts';

/** Of a column that people are asked about by: cells that a merge hides. Each counts as empty, and its row has a result all the same. */
export type MergedColumn = HiddenCells & { readonly column: string };

const ASKED_BY = ['id_number', 'full_name', 'date_of_birth'];

export function mergedColumns(
  { original }: Pick<InputFile, 'original'>,
  wanted: readonly WantedColumn[],
): readonly MergedColumn[] {
  const hidden = original?.hidden ?? [];
  return wanted
    .filter(({ name }) => ASKED_BY.includes(name))
    .flatMap(({ name: column, header }) => {
      const found = hidden.find((one) => foldedHeader(one.header) === foldedHeader(header));
      return found === undefined ? [] : [{ column, ...found }];
    });
}
