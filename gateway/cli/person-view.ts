import { toJson } from '@bufbuild/protobuf';
import type { Answer } from '../../connectors/kit/client.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import {
  type GetPersonResponseSchema,
  LifeStatus,
  MaritalStatus,
  Notice,
  type Person,
  PersonSchema,
} from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { type AdministrativeUnit, type PartialDate, Sex } from '../../proto/gen/lienthong/type/v1/type_pb.js';
import { VOCABULARY } from '../fields/vocabulary.ts';
import { NOTICE_WORDS } from './verdict-words.ts';

/** What is set of a person, one line a field in the vocabulary's order: its path and its value for people. */
export function personLines(person: Person | undefined): string[][] {
  if (person === undefined) return [];
  return VOCABULARY.fields.flatMap(({ path }) => {
    const text = valueText(path, valueAt(person, path));
    return text === '' ? [] : [[path, text]];
  });
}

/** The value of a path, undefined where it is not set. */
function valueAt(person: Person, path: string): unknown {
  let value: unknown = person;
  for (const part of path.split('.')) {
    const name = part.replaceAll(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
    if (Array.isArray(value)) value = value.map((item) => (item as Record<string, unknown>)[name]);
    else value = (value as Record<string, unknown> | undefined)?.[name];
  }
  return value;
}

const ENUMS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  sex: Sex,
  marital_status: MaritalStatus,
  'life.status': LifeStatus,
};

function valueText(path: string, value: unknown): string {
  if (value === undefined || value === '' || value === 0) return '';
  if (Array.isArray(value)) {
    const texts = value.map((item) => valueText(path, item)).filter((text) => text !== '');
    return texts.join('; ');
  }
  if (typeof value === 'number') return ENUMS[path]?.[value] ?? String(value);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && 'year' in value
    ? dateText(value as PartialDate)
    : unitText(value as AdministrativeUnit);
}

/** As far as the date is known, as Vietnamese dates are written: `27/03/1985`, `03/1985`, `1985`. */
export function dateText({ year, month, day }: Pick<PartialDate, 'year' | 'month' | 'day'>): string {
  const two = (part: number) => String(part).padStart(2, '0');
  if (month === 0) return String(year);
  return day === 0 ? `${two(month)}/${year}` : `${two(day)}/${two(month)}/${year}`;
}

function unitText({
  code,
  name,
  catalogueVersion,
}: Pick<AdministrativeUnit, 'code' | 'name' | 'catalogueVersion'>): string {
  return `${name === '' ? code : `${name} (${code})`}${catalogueVersion === '' ? '' : `, catalogue ${catalogueVersion}`}`;
}

/** A notice in words; of a newer gateway by its name. */
export function noticeText(name: string, language: Language): string {
  return Object.hasOwn(NOTICE_WORDS, name) ? NOTICE_WORDS[name as keyof typeof NOTICE_WORDS][language] : name;
}

/** An answer for programs: the person in protobuf JSON, what was refused, and where the log has it. */
export function personJson({ message, claims, requestId }: Answer<typeof GetPersonResponseSchema>) {
  return {
    request_id: requestId,
    person: message.person === undefined ? {} : toJson(PersonSchema, message.person, { useProtoFieldName: true }),
    refused: message.refused.map(({ path, reason }) => ({ path, reason })),
    notices: message.notices.map((notice) => Notice[notice]),
    log: claims.log,
    entry_id: claims.leaf,
  };
}
