/** Cells of one row to checked values, or the first rule that the row breaks. */
import { CURRENT_CATALOGUE } from '../administrative-units.ts';
import type { DeploymentKind } from '../deployment.ts';
import type { Sensitive } from '../encode-sensitive.ts';
import { packDate } from '../partial-date.ts';
import { ID_PREFIX_CATALOGUE, isBirthRegistrationCode } from '../provinces.ts';
import type { ImportPlan, PlanColumn } from './plan.ts';
import type { RejectReason } from './reject.ts';

/** A value as its column stores it; undefined = unknown. */
export type Value = number | string | readonly string[] | undefined;

export interface RelativeValue {
  readonly kind: number;
  readonly ordinal: number;
  readonly name: string | undefined;
  readonly number: number | undefined;
}

/** A person with the number that this row names. */
export interface PersonRow {
  readonly what: 'person';
  readonly number: number;
  readonly idStatus: number;
  readonly lifeStatus: number;
  /** In the order of `plan.columns`. */
  readonly values: readonly Value[];
  readonly sensitive: Sensitive;
  readonly oldNumbers: readonly number[];
  readonly relatives: readonly RelativeValue[];
}

/** A number that is no longer current and belongs to the person with another one. Other cells of such a row say nothing. */
export interface NumberRow {
  readonly what: 'number';
  readonly number: number;
  readonly supersededBy: number;
  readonly idStatus: number;
}

export interface RowProblem {
  readonly what: 'reject';
  /** Place of the column; -1 for the row as a whole. */
  readonly index: number;
  readonly reason: RejectReason;
}

const MAX_LENGTH = 1000;
const NO_NUMBERS: readonly number[] = [];
// Never pushed to: a file without columns of relatives has nothing to push.
const NO_RELATIVES: RelativeValue[] = [];
export const SYNTHETIC_FROM = 900_000_000_000;
/** Beyond the letters of Vietnamese in their composed form, which NFC leaves as they are. */
const MAY_COMPOSE = /[^\u0020-\u02ff\u1e00-\u1eff]/;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const OLD_NUMBER = /^\d{9}$/;
const UNIT = /^([0-9A-Z]{1,10})(?:@([0-9a-z-]{1,40}))?$/;

// Maps, because a cell may say "constructor".
const codes = (...names: string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index + 1]));
export const LIFE = codes('alive', 'deceased', 'missing');
const ID_STATUS = codes('current', 'superseded', 'cancelled');
export const CODES: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map([
  ['sex', codes('M', 'F')],
  ['marital_status', codes('single', 'married', 'divorced', 'widowed')],
]);

/** 12 digits without a leading 000, as a number; 0 for anything else. */
export function readPersonalId(text: string): number {
  if (text.length !== 12) return 0;
  let value = 0;
  for (let i = 0; i < 12; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value >= 1_000_000_000 ? value : 0;
}

/** True for letters of ASCII alone, without control characters and without a space at either end: most cells. */
function isPlain(cell: string): boolean {
  const { length } = cell;
  if (length > MAX_LENGTH || cell.charCodeAt(0) === 32 || cell.charCodeAt(length - 1) === 32) return false;
  for (let i = 0; i < length; i++) {
    const code = cell.charCodeAt(i);
    if (code < 32 || code > 126) return false;
  }
  return true;
}

/** True where no space stands at either end and the length is one that is taken. */
function isTrimmed(cell: string): boolean {
  const { length } = cell;
  return length <= MAX_LENGTH && cell.charCodeAt(0) !== 32 && cell.charCodeAt(length - 1) !== 32;
}

/** The rule that a text breaks, if any; `text` is composed already. */
function problemOf(text: string): RejectReason | undefined {
  if (CONTROL.test(text)) return 'CONTROL_CHARACTER';
  if (text.includes('\ufffd')) return 'ENCODING';
  return text.length > MAX_LENGTH ? 'TOO_LONG' : undefined;
}

const list = (text: string): string[] => text.split(';').map((part) => part.trim());

/** A reader of rows for one file; it cleans the cells it is given in place. `today` is YYYYMMDD: no date of birth, death or issue lies after it. */
export function createRowReader(plan: ImportPlan, deployment: DeploymentKind, today: number) {
  const fail = (index: number, reason: RejectReason): RowProblem => ({ what: 'reject', index, reason });
  const production = deployment === 'production';
  const width = plan.headers.length;

  const readUnit = (text: string, form: PlanColumn['form']): string | undefined => {
    const parts = UNIT.exec(text);
    if (parts === null) return undefined;
    const catalogue = parts[2] ?? (form === 'birth_code' ? ID_PREFIX_CATALOGUE : CURRENT_CATALOGUE);
    if (catalogue === ID_PREFIX_CATALOGUE && !isBirthRegistrationCode(parts[1] ?? '')) return undefined;
    return `${parts[1]}@${catalogue}`;
  };

  const readMobile = (text: string): string | undefined => {
    if (/^0\d{9}$/.test(text)) return `+84${text.slice(1)}`;
    if (/^84\d{9}$/.test(text)) return `+${text}`;
    return /^\+\d{8,15}$/.test(text) ? text : undefined;
  };

  /** The value of one column of `person`, or the reason. */
  const readValue = (column: PlanColumn, text: string): Value | { reason: RejectReason } => {
    if (text === '') return undefined;
    switch (column.field.shape) {
      case 'date': {
        const date = packDate(text);
        if (date === undefined) return { reason: 'DATE_FORMAT' };
        return date > today && column.field.path !== 'card.expires_on' ? { reason: 'DATE_FUTURE' } : date;
      }
      case 'code':
        return CODES.get(column.field.path)?.get(text) ?? { reason: 'CODE_UNKNOWN' };
      case 'unit':
        return readUnit(text, column.form) ?? { reason: 'UNIT_FORMAT' };
      case 'texts':
        return list(text).filter((part) => part !== '');
      default:
        return column.form === 'mobile' ? (readMobile(text) ?? { reason: 'MOBILE_FORMAT' }) : text;
    }
  };

  const readRelatives = (cells: readonly string[], into: RelativeValue[]): RowProblem | undefined => {
    for (const { kind, many, name, number } of plan.relations) {
      const nameText = name === undefined ? '' : (cells[name.index] ?? '');
      const numberText = number === undefined ? '' : (cells[number.index] ?? '');
      if (nameText === '' && numberText === '') continue;
      const names = nameText === '' ? [] : many ? list(nameText) : [nameText];
      const numbers = numberText === '' ? [] : many ? list(numberText) : [numberText];
      if (names.length > 0 && numbers.length > 0 && names.length !== numbers.length) {
        return fail(number?.index ?? -1, 'LIST_LENGTH');
      }
      for (let ordinal = 0; ordinal < Math.max(names.length, numbers.length); ordinal++) {
        const text = numbers[ordinal] ?? '';
        const value = text === '' ? undefined : OLD_NUMBER.test(text) ? Number(text) : readPersonalId(text);
        if (value === 0) return fail(number?.index ?? -1, 'NUMBER_FORMAT');
        into.push({ kind, ordinal, name: names[ordinal] === '' ? undefined : names[ordinal], number: value });
      }
    }
    return undefined;
  };

  /** `orderly`: no cell holds a character that needs a look (`parse-block.ts`). */
  return (cells: string[], orderly = false): PersonRow | NumberRow | RowProblem => {
    if (cells.length !== width) return fail(-1, 'COLUMN_COUNT');
    // Cleaned in place: spaces around a cell are not part of it, and what is stored is NFC.
    for (let index = 0; index < width; index++) {
      const cell = cells[index] ?? '';
      if (cell === '' || (orderly ? isTrimmed(cell) : isPlain(cell))) continue;
      const trimmed = cell.trim();
      const text = MAY_COMPOSE.test(trimmed) ? trimmed.normalize('NFC') : trimmed;
      const reason = problemOf(text);
      if (reason !== undefined) return fail(index, reason);
      cells[index] = text;
    }
    const at = (index: number) => (index < 0 ? '' : (cells[index] ?? ''));

    if (at(plan.personalId) === '') return fail(plan.personalId, 'REQUIRED');
    const number = readPersonalId(at(plan.personalId));
    if (number === 0) return fail(plan.personalId, 'NUMBER_FORMAT');
    if (production && number >= SYNTHETIC_FROM) return fail(plan.personalId, 'PREFIX_SYNTHETIC');

    const status = at(plan.status);
    const stated = at(plan.idStatus);
    const ofNumber = status === 'id_superseded' ? 2 : status === 'cancelled' ? 3 : 0;
    const lifeStatus = ofNumber > 0 || status === '' ? 1 : LIFE.get(status);
    if (lifeStatus === undefined) return fail(plan.status, 'CODE_UNKNOWN');
    const statedCode = stated === '' ? 0 : ID_STATUS.get(stated);
    if (statedCode === undefined) return fail(plan.idStatus, 'CODE_UNKNOWN');
    if (ofNumber > 0 && statedCode > 0 && ofNumber !== statedCode) return fail(plan.idStatus, 'STATUS_CONFLICT');
    const idStatus = ofNumber || statedCode || 1;

    const by = at(plan.supersededBy);
    if (idStatus === 2 && by === '') return fail(plan.supersededBy, 'SUPERSEDED_BY_MISSING');
    if (idStatus === 1 && by !== '') return fail(plan.supersededBy, 'SUPERSEDED_BY_UNEXPECTED');
    if (by !== '') {
      const supersededBy = readPersonalId(by);
      if (supersededBy === 0) return fail(plan.supersededBy, 'NUMBER_FORMAT');
      if (supersededBy === number) return fail(plan.supersededBy, 'SUPERSEDED_BY_SELF');
      return { what: 'number', number, supersededBy, idStatus };
    }

    if (at(plan.fullName) === '') return fail(plan.fullName, 'REQUIRED');
    const values = new Array<Value>(plan.columns.length);
    for (let i = 0; i < plan.columns.length; i++) {
      const column = plan.columns[i]!;
      const value = readValue(column, at(column.index));
      if (typeof value === 'object' && 'reason' in value) return fail(column.index, value.reason);
      values[i] = value;
    }
    let oldNumbers: readonly number[] = NO_NUMBERS;
    const old = at(plan.oldNumbers);
    if (old !== '') {
      const found = old.length === 9 ? [old] : list(old);
      const values = found.map((part) => (OLD_NUMBER.test(part) ? Number(part) : 0));
      if (values.includes(0)) return fail(plan.oldNumbers, 'OLD_NUMBER_FORMAT');
      oldNumbers = values.length === 1 ? values : [...new Set(values)];
    }
    const relatives: RelativeValue[] = plan.relations.length === 0 ? NO_RELATIVES : [];
    const problem = readRelatives(cells, relatives);
    if (problem !== undefined) return problem;
    let ethnicity = '';
    let religion = '';
    let bloodType = '';
    for (const { index, field } of plan.sensitive) {
      if (field.id === 9) ethnicity = at(index);
      else if (field.id === 10) religion = at(index);
      else bloodType = at(index);
    }
    return {
      what: 'person',
      number,
      idStatus,
      lifeStatus,
      values,
      sensitive: { ethnicity, religion, bloodType },
      oldNumbers,
      relatives,
    };
  };
}
