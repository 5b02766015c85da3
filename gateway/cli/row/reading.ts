import type { SentProfile } from '../../../connectors/kit/learn/finding.ts';
import {
  formatIdNumber,
  ID_KINDS,
  isCut,
  listReasons,
  type NumberTrust,
  normaliseName,
  possibleNames,
  REASONS,
  type Reason,
  type RowText,
  readRow,
  trustOf,
} from '../../matching/index.ts';

/** How one row is read under the published profile: from the agency's own cells, and nothing else. Pure. */

export interface RowReading {
  readonly number: {
    readonly kind: 'PERSONAL' | 'CMND' | 'NONE';
    /** Digits as they are looked up; '' where there are none. */
    readonly digits: string;
    /** Read by a rule that name and date have to confirm. */
    readonly trust: NumberTrust;
    readonly reasons: readonly Reason[];
  };
  readonly name: {
    /** The text that is read as the name: the cell's, unless name and date stand in each other's column. */
    readonly text: string;
    /** What is compared: small letters with all marks, folded by the spelling rules; '' where there is no name. */
    readonly key: string;
    /** Not one mark or tone. */
    readonly bare: boolean;
    readonly lettersLost: boolean;
    /** As long as the names of this file are cut. */
    readonly cut: boolean;
    readonly reasons: readonly Reason[];
    /** What the name may have been, by the damage that the row shows. */
    readonly possible: readonly { readonly text: string; readonly reasons: readonly Reason[] }[];
  };
  readonly date: {
    readonly known: 'DAY' | 'MONTH' | 'YEAR' | 'NOTHING';
    /** `1985-03-27`, `1985-03`, `1985`; `85-03-27` with a year of two digits; '' for none. */
    readonly text: string;
    readonly twoDigitYear: boolean;
    readonly reasons: readonly Reason[];
  };
  /** Name and date were read from other columns than their own. */
  readonly shifted: boolean;
  /** Nothing that makes the row INVALID. */
  readonly usable: boolean;
}

export function readingOf(cells: RowText, habits: SentProfile): RowReading {
  const row = readRow(cells, habits);
  const { key, repairs, problem } = normaliseName(row.name);
  const inName = (word1: number): Reason[] => listReasons({ word0: 0, word1, word2: 0 });
  const nameReasons = [...(problem === undefined ? [] : [problem]), ...inName(repairs)];
  const ofDate = listReasons({ word0: 0, word1: 0, word2: row.birthReasons });
  const idReasons = listReasons({ word0: row.idReasons, word1: 0, word2: 0 });
  const all = [...idReasons, ...nameReasons, ...ofDate];
  return {
    number: {
      kind: row.idKind === ID_KINDS.NONE ? 'NONE' : row.idKind === ID_KINDS.CMND ? 'CMND' : 'PERSONAL',
      digits: row.idKind === ID_KINDS.NONE ? '' : formatIdNumber(row.idKind, row.idNumber),
      trust: trustOf(row),
      reasons: idReasons,
    },
    name: {
      text: row.name,
      key,
      bare: key !== '' && /^[a-z ]+$/.test(key),
      lettersLost: key.includes('?'),
      cut: key !== '' && isCut(row),
      reasons: [...new Set(nameReasons)],
      possible: possibleNames(row.name).map(({ text, reasons }) => ({ text, reasons: inName(reasons) })),
    },
    date: { ...dateOf(row.birthDate), reasons: ofDate.filter((reason) => REASONS[reason].field === 'birth') },
    shifted: ofDate.includes('COLUMNS_SHIFTED'),
    usable: all.every((reason) => REASONS[reason].kind !== 'problem'),
  };
}

/** A packed date in parts. Below 1,000,000 its year has two digits (`parse-birth-date.ts`). */
function dateOf(packed: number): Pick<RowReading['date'], 'known' | 'text' | 'twoDigitYear'> {
  if (packed === 0) return { known: 'NOTHING', text: '', twoDigitYear: false };
  const twoDigitYear = packed < 1_000_000;
  const [month, day] = [Math.floor(packed / 100) % 100, packed % 100];
  const two = (part: number): string => String(part).padStart(2, '0');
  const year = twoDigitYear ? two(Math.floor(packed / 10_000)) : String(Math.floor(packed / 10_000));
  const parts = [year, ...(month === 0 ? [] : [two(month)]), ...(day === 0 ? [] : [two(day)])];
  return { known: month === 0 ? 'YEAR' : day === 0 ? 'MONTH' : 'DAY', text: parts.join('-'), twoDigitYear };
}
