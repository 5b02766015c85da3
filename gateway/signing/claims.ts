import { CLAIM_KINDS, type ClaimKind } from './claim-kinds.ts';
import type { Json, JsonObject } from './strict-json.ts';
import { type ClaimName, isClaimName, TOKEN_TYPES, type TokenType } from './token-types.ts';

type ClaimRule = { readonly name: string; readonly optional: boolean; readonly holds: (value: Json) => boolean };
type FormRules = { readonly form: string; readonly claims: readonly ClaimRule[]; readonly names: ReadonlySet<string> };

/** What one claim's kind cannot say, because it takes two claims. */
export const ACROSS: { readonly [T in TokenType]?: (claims: JsonObject) => boolean } = {
  'lt-answer+jws': (claims) => (claims.log === undefined) === (claims.leaf === undefined),
  'lt-receipt+jws': (claims) =>
    Object.values(claims.totals as Record<string, number>).reduce((sum, count) => sum + count, 0) === claims.rows,
};

function rulesOfForm(form: string, kinds: Readonly<Record<string, string>>): FormRules {
  const claims = Object.entries(kinds).map(([name, kind]) => {
    const optional = kind.endsWith('?');
    return { name, optional, holds: CLAIM_KINDS[(optional ? kind.slice(0, -1) : kind) as ClaimKind] };
  });
  return { form, claims, names: new Set(Object.keys(kinds)) };
}

const RULES = new Map<TokenType, readonly FormRules[]>(
  (Object.keys(TOKEN_TYPES) as TokenType[]).map((typ) => [
    typ,
    Object.entries(TOKEN_TYPES[typ]).map(([form, kinds]) => rulesOfForm(form, kinds)),
  ]),
);

function fits(rules: FormRules, claims: JsonObject): boolean {
  for (const name in claims) if (!rules.names.has(name)) return false;
  for (const { name, optional, holds } of rules.claims) {
    const value = claims[name];
    if (value === undefined ? !optional : !holds(value)) return false;
  }
  return true;
}

/** The form whose exact claim set these claims are, or undefined: a claim unknown, missing or out of its kind. */
export function formOfClaims(typ: TokenType, claims: JsonObject): string | undefined {
  const form = RULES.get(typ)?.find((rules) => fits(rules, claims))?.form;
  return form !== undefined && (ACROSS[typ]?.(claims) ?? true) ? form : undefined;
}

/**
 * The claim for which these are not the claims of the form: missing or out of its kind, else one too many. Undefined where that has a
 * name that no form knows, which is not repeated, or where it takes two claims to see it. Of a few, the first in the table's order.
 */
export function wrongClaim(typ: TokenType, form: string, claims: JsonObject): ClaimName | undefined {
  const rules = RULES.get(typ)?.find((one) => one.form === form);
  if (rules === undefined) return undefined;
  const wrong = rules.claims.find(({ name, optional, holds }) => {
    const value = claims[name];
    return value === undefined ? !optional : !holds(value);
  });
  const name = wrong?.name ?? Object.keys(claims).find((given) => !rules.names.has(given));
  return name !== undefined && isClaimName(name) ? name : undefined;
}

/** The claims of a form in the table's order, those that are absent left out. */
export function orderClaims(typ: TokenType, form: string, claims: JsonObject): JsonObject {
  const ordered: { [name: string]: Json } = {};
  for (const { name } of RULES.get(typ)?.find((rules) => rules.form === form)?.claims ?? []) {
    const value = claims[name];
    if (value !== undefined) ordered[name] = value;
  }
  return ordered;
}
