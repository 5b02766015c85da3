/** What members of acts may be, whatever an act is about; and the one form in which its bytes are believed. */
import { canonicalJson, type Plain } from '../signing/canonical-json.ts';

export type Rule = (value: unknown) => boolean;

export const text =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

/** A line for people: something is written, and nothing that a screen would not show. */
export const line =
  (most: number): Rule =>
  (value) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= most && !/\p{Cc}/u.test(value);

const name = line(200);

/** An act with these members beside the common ones. */
export function act(own: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}): Rule {
  const common = { act: text(/^[A-Za-z0-9_-]{22}$/), kind: name, deployment: text(/^[a-z0-9][a-z0-9-]{2,62}$/) };
  return members({ ...common, ...own }, optional);
}

export function members(required: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}): Rule {
  const rules: Readonly<Record<string, Rule>> = { ...required, ...optional };
  return (value) =>
    isObject(value) &&
    Object.keys(required).every((member) => Object.hasOwn(value, member)) &&
    Object.entries(value).every(([member, one]) => Object.hasOwn(rules, member) && rules[member]?.(one) === true);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function canonicalBytes(value: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value as Plain));
}

const MOST_BYTES = 32_768;

/** What these bytes are by the rule of their kind; undefined where they are not JSON, not canonical, of another kind or shape. */
export function readByRules<T extends object>(bytes: Uint8Array, rules: Readonly<Record<string, Rule>>): T | undefined {
  if (bytes.byteLength > MOST_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(rules, value.kind)) return undefined;
    if (rules[value.kind]?.(value) !== true) return undefined;
    // Double members, white space, other orders: a second way to write it is refused, so one text has one meaning.
    return Buffer.compare(canonicalBytes(value), bytes) === 0 ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
