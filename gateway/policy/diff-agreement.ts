/** What a proposal changes, member by member, for whoever is asked to sign it. */
import type { Agreement } from './agreement.ts';

export interface AgreementChange {
  /** Names joined by dots; a field by its path. Example: "fields.ethnicity.basis". */
  readonly member: string;
  /** Undefined where it is new. */
  readonly before: string | undefined;
  /** Undefined where it goes. */
  readonly after: string | undefined;
}

/** @param pathOf path of a field id, or what stands for one that nobody knows: it never throws. `before` undefined: everything is new. */
export function diffAgreements(
  before: Agreement | undefined,
  after: Agreement,
  pathOf: (id: number) => string,
): AgreementChange[] {
  return compareAgreements(before, after, pathOf).filter((change) => change.before !== change.after);
}

/** Every member of either, those that stay as they are included. */
export function compareAgreements(
  before: Agreement | undefined,
  after: Agreement,
  pathOf: (id: number) => string,
): AgreementChange[] {
  const [old, next] = [
    before === undefined ? new Map<string, string>() : flatten(before, pathOf),
    flatten(after, pathOf),
  ];
  return [...new Set([...old.keys(), ...next.keys()])]
    .sort()
    .map((member) => ({ member, before: old.get(member), after: next.get(member) }));
}

function flatten(agreement: Agreement, pathOf: (id: number) => string): Map<string, string> {
  const flat = new Map<string, string>();
  const walk = (path: string, value: unknown): void => {
    if (Array.isArray(value)) flat.set(path, [...value].sort().join(', '));
    else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const shown = path === 'fields' ? pathOf(Number(name)) : name;
        walk(path === '' ? shown : `${path}.${shown}`, member);
      }
    } else if (path === 'valid_from' || path === 'valid_to')
      flat.set(path, new Date(Number(value) * 1000).toISOString());
    else flat.set(path, String(value));
  };
  walk('', agreement);
  return flat;
}
