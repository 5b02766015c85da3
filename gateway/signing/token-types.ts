import type { ClaimKind, ClaimValue } from './claim-kinds.ts';

/**
 * The closed table of token types: `typ` → its forms → the exact claims of each form.
 *
 * A form's claims stand in the order in which this side writes them; a reader accepts any order, no claim beyond
 * these, and none missing but those marked `?`. A typ with two forms never fits both: each form has a required claim
 * that the other lacks. A new typ or claim is a row here; the types of {@link ClaimsOf} follow by themselves.
 */

/** Claims of every token: issuer, audience, time, nonce, and SHA-256 of the message bytes as they were sent. */
const base = { iss: 'agency', aud: 'audience', iat: 'seconds', jti: 'bits128', dig: 'digest' } as const;

export const TOKEN_TYPES = {
  /** Unary request, or the opening of a stream; the stream of a job names the job. */
  'lt-call+jws': { call: { ...base, mth: 'method', job: 'identifier?' } },

  /** One chunk of a job: its number, and the digest of the StartJob message that opened the job. */
  'lt-chunk+jws': { chunk: { ...base, mth: 'method', job: 'identifier', num: 'count', opn: 'digest' } },

  /** End of a job's stream: messages and rows that this side sent. The server adds the row root over what it answered. */
  'lt-end+jws': {
    client: { ...base, job: 'identifier', cnt: 'count', rows: 'count' },
    server: { ...base, job: 'identifier', cnt: 'count', rows: 'count', root: 'digest' },
  },

  /**
   * Answer to a call (`req`) or to a chunk (`job`, `num`): digest of the request, status code, log and entry that
   * recorded it, revisions it was decided under. `log` and `leaf` are absent together where nothing was logged,
   * `rev` where no decision was reached. A refusal's `dig` is over the status details.
   */
  'lt-answer+jws': {
    call: {
      ...base,
      mth: 'method',
      rqd: 'digest',
      req: 'requestId',
      code: 'code',
      log: 'identifier?',
      leaf: 'bits128?',
      rev: 'revisions?',
    },
    chunk: {
      ...base,
      mth: 'method',
      rqd: 'digest',
      job: 'identifier',
      num: 'count',
      code: 'code',
      log: 'identifier?',
      leaf: 'bits128?',
      rev: 'revisions?',
    },
  },

  /** A whole job, to be verified offline: chunks, rows, rows per verdict, opening, versions, row root, log head. */
  'lt-receipt+jws': {
    receipt: {
      ...base,
      job: 'identifier',
      opn: 'digest',
      cnt: 'count',
      rows: 'count',
      totals: 'totals',
      ver: 'versions',
      root: 'digest',
      head: 'checkpoint',
    },
  },

  /** The gateway's key set (the bytes that `dig` covers), signed by the root key; `ver` only rises. */
  'lt-keys+jws': { keys: { ...base, ver: 'version' } },

  /** One officer's signature over an agreement's bytes. */
  'lt-agreement+jws': { agreement: { ...base, agr: 'identifier', ver: 'version', off: 'identifier' } },

  /**
   * A policy bundle for one deployment: `dig` is over policy.wasm, `man` over its manifest, `ver` is its revision, and from
   * `exp` on it decides nothing more.
   */
  'lt-policy+jws': { policy: { ...base, man: 'digest', ver: 'version', exp: 'seconds' } },
  /** One officer's signature over the bytes of an administrative act; an approval and a proposal are signed alike. */
  'lt-act+jws': {
    act: { ...base, off: 'identifier' },
    /** A person's signature, by the session key that an assertion names, over the bytes of one act; `iss` is `person`. */
    person: { ...base, mth: 'method' },
  },

  /** Who a person is and by which key they act now: `dig` is over the serialised PersonAssertion. */
  'lt-assertion+jws': { assertion: { ...base, exp: 'seconds' } },

  /** One consent of one person: `dig` is over the serialised ConsentArtefact. */
  'lt-consent+jws': { consent: { ...base, exp: 'seconds' } },

  /** Proof that whoever enrols a key holds it: `dig` is over deployment, use, holder and thumbprint (`acts/possession.ts`). */
  'lt-possession+jws': { possession: { ...base } },
} as const satisfies Record<string, Record<string, Record<string, ClaimKind | `${ClaimKind}?`>>>;

export type TokenType = keyof typeof TOKEN_TYPES;
export type FormOf<T extends TokenType> = keyof (typeof TOKEN_TYPES)[T] & string;

type Kinds = Readonly<Record<string, ClaimKind | `${ClaimKind}?`>>;
type OptionalName<F extends Kinds> = { [N in keyof F]: F[N] extends `${string}?` ? N : never }[keyof F];
type KindOf<D> = D extends `${infer K extends ClaimKind}?` ? K : D extends ClaimKind ? D : never;
type Flat<T> = { readonly [N in keyof T]: T[N] };
type ClaimsOfForm<F extends Kinds> = Flat<
  { [N in Exclude<keyof F, OptionalName<F>>]: ClaimValue[KindOf<F[N]>] } & {
    [N in OptionalName<F>]?: ClaimValue[KindOf<F[N]>];
  }
>;
type FormClaims<T extends TokenType> = {
  [F in FormOf<T>]: (typeof TOKEN_TYPES)[T][F] extends infer K extends Kinds ? ClaimsOfForm<K> : never;
};

/** Claims of a token type; of one form where that is given, else of any of its forms. */
export type ClaimsOf<T extends TokenType, F extends FormOf<T> = FormOf<T>> = T extends TokenType
  ? FormClaims<T>[F]
  : never;

type NameOf<F> = F extends unknown ? keyof F : never;
type AnyForm<T> = T extends unknown ? T[keyof T] : never;
/** Name of a claim of any form: the closed set of what a refusal may name. */
export type ClaimName = NameOf<AnyForm<(typeof TOKEN_TYPES)[TokenType]>>;

const CLAIM_NAMES: ReadonlySet<string> = new Set(
  Object.values(TOKEN_TYPES).flatMap((forms) => Object.values(forms).flatMap((kinds) => Object.keys(kinds))),
);

export function isClaimName(name: string): name is ClaimName {
  return CLAIM_NAMES.has(name);
}
