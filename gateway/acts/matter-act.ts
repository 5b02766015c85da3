/** What one officer does about one person's matter: decides it, or extends its period. Signed bytes like every act, in no book. */
import { MatterKind, MatterOutcome, MatterReason } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { isOneOf } from '../policy/shape.ts';
import { digestOf } from '../signing/digest.ts';
import type { ActBook, ActProblem } from './book.ts';
import { lastingSignatureOf } from './officer-token.ts';
import { act, canonicalBytes, line, type Rule, readByRules, text } from './rules.ts';

/** Matters that officers decide. */
export const MATTERS = {
  objection: MatterKind.OBJECTION,
  provision: MatterKind.PROVISION,
  correction: MatterKind.CORRECTION,
  deletion: MatterKind.DELETION,
} as const;
export type MatterName = keyof typeof MATTERS;
export const MATTER_NAMES = Object.keys(MATTERS) as MatterName[];

/** `negative`: nothing is done for the person, which takes a rule that says so. */
export const OUTCOMES = {
  upheld: { outcome: MatterOutcome.UPHELD, of: ['objection'], negative: false },
  rejected: { outcome: MatterOutcome.REJECTED, of: ['objection'], negative: true },
  carried_out: { outcome: MatterOutcome.CARRIED_OUT, of: ['provision', 'correction', 'deletion'], negative: false },
  refused: { outcome: MatterOutcome.REFUSED, of: ['provision', 'correction', 'deletion'], negative: true },
} as const satisfies Readonly<
  Record<string, { readonly outcome: MatterOutcome; readonly of: readonly MatterName[]; readonly negative: boolean }>
>;
export type OutcomeName = keyof typeof OUTCOMES;
export const OUTCOME_NAMES = Object.keys(OUTCOMES) as OutcomeName[];

/** Each reason, and what it is a reason for. */
export const MATTER_REASONS = {
  grounds_hold: { reason: MatterReason.GROUNDS_HOLD, for: ['upheld'] },
  consent_only: { reason: MatterReason.CONSENT_ONLY, for: ['upheld'] },
  statutory_duty: { reason: MatterReason.STATUTORY_DUTY, for: ['rejected', 'refused'] },
  emergency_or_security: { reason: MatterReason.EMERGENCY_OR_SECURITY, for: ['rejected', 'refused'] },
  persons_agreement: { reason: MatterReason.PERSONS_AGREEMENT, for: ['rejected'] },
  use_not_made: { reason: MatterReason.USE_NOT_MADE, for: ['rejected'] },
  as_asked: { reason: MatterReason.AS_ASKED, for: ['carried_out'] },
  in_part: { reason: MatterReason.IN_PART, for: ['carried_out'] },
  not_held: { reason: MatterReason.NOT_HELD, for: ['refused'] },
  not_proven: { reason: MatterReason.NOT_PROVEN, for: ['refused'] },
  kept_by_law: { reason: MatterReason.KEPT_BY_LAW, for: ['refused'] },
  rights_of_others: { reason: MatterReason.RIGHTS_OF_OTHERS, for: ['refused'] },
  complex: { reason: MatterReason.COMPLEX, for: ['extension'] },
  many_requests: { reason: MatterReason.MANY_REQUESTS, for: ['extension'] },
  proof_awaited: { reason: MatterReason.PROOF_AWAITED, for: ['extension'] },
  other_body_asked: { reason: MatterReason.OTHER_BODY_ASKED, for: ['extension'] },
} as const satisfies Readonly<
  Record<string, { readonly reason: MatterReason; readonly for: readonly (OutcomeName | 'extension')[] }>
>;
export type ReasonName = keyof typeof MATTER_REASONS;

interface Words {
  readonly act: string;
  readonly deployment: string;
  /** The person's receipt, 16 bytes, base64url. */
  readonly matter: string;
  /** What it is, so that no other matter can be put beneath the signature. */
  readonly of: MatterName;
  readonly reason: ReasonName;
  readonly citation?: string;
  readonly text_vi: string;
  readonly text_en: string;
}
export type MatterAct =
  | (Words & { readonly kind: 'matter.decide'; readonly outcome: OutcomeName })
  | (Words & { readonly kind: 'matter.extend' });

/** Most characters of each text to the person, and of the rule that it stands on. */
export const MATTER_TEXT = { words: 1_000, citation: 200 } as const;
const words = {
  matter: text(/^[A-Za-z0-9_-]{22}$/),
  of: (value: unknown) => isOneOf(MATTER_NAMES, value),
  reason: (value: unknown) => isOneOf(Object.keys(MATTER_REASONS), value),
  text_vi: line(MATTER_TEXT.words),
  text_en: line(MATTER_TEXT.words),
};
const citation = { citation: line(MATTER_TEXT.citation) };
const outcome: Rule = (value) => isOneOf(OUTCOME_NAMES, value);
const allows = (reason: ReasonName, what: OutcomeName | 'extension') =>
  (MATTER_REASONS[reason].for as readonly string[]).includes(what);
const decide = act({ ...words, outcome }, citation);
const extend = act(words, citation);

const RULES: Readonly<Record<MatterAct['kind'], Rule>> = {
  'matter.decide'(value) {
    if (!decide(value)) return false;
    const { of, outcome: name, reason, citation: rule } = value as Extract<MatterAct, { kind: 'matter.decide' }>;
    const { of: kinds, negative } = OUTCOMES[name];
    return (kinds as readonly string[]).includes(of) && allows(reason, name) && (!negative || rule !== undefined);
  },
  'matter.extend': (value) => extend(value) && allows((value as MatterAct).reason, 'extension'),
};

export const matterActBytes = (value: MatterAct): Uint8Array<ArrayBuffer> => canonicalBytes(value);
export const readMatterAct = (bytes: Uint8Array): MatterAct | undefined => readByRules<MatterAct>(bytes, RULES);

/** Whoever decides what one person asked answers to that person: a role of its own, which changes nobody's rights. */
export const MATTER_ROLE = 'support';

/** A matter as its acts are judged by. */
export interface JudgedMatter {
  readonly receiptId: Uint8Array;
  readonly kind: MatterKind;
  /** First end of the period that an extension extends, unix seconds. */
  readonly dueAt: number;
}

export interface SignedMatterAct {
  /** SHA-256 of the body, base64url. */
  readonly digest: string;
  readonly body: Uint8Array;
  readonly signature: string;
}

export interface JudgedMatterAct {
  readonly act: MatterAct;
  readonly officer: string;
  /** When it was signed, unix seconds. */
  readonly at: number;
}

/**
 * What the act is, where it counts for this matter by the signature of an officer of the book; else what is wrong with it.
 * @param loggedAt unix seconds: when the log had exactly this act; undefined where nobody has looked, or it does not stand there
 */
export function judgeMatterAct(
  book: ActBook,
  { digest, body, signature }: SignedMatterAct,
  matter: JudgedMatter,
  loggedAt?: number,
): JudgedMatterAct | ActProblem {
  if (digestOf(body) !== digest) return 'DIGEST_WRONG';
  const read = readMatterAct(body);
  if (read === undefined) return 'NOT_AN_ACT';
  if (read.deployment !== book.deployment) return 'DEPLOYMENT_WRONG';
  if (read.matter !== Buffer.from(matter.receiptId).toString('base64url')) return 'STATE_WRONG';
  if (MATTERS[read.of] !== matter.kind) return 'STATE_WRONG';
  const signed = lastingSignatureOf(book, signature, { typ: 'lt-act+jws', digest });
  const officer = signed === undefined ? undefined : book.officers.get(signed.officer);
  if (signed === undefined || officer?.counts !== true) return 'NOT_SIGNED';
  // What was signed under a role stays signed when the role goes.
  if (!officer.everHeld.has(MATTER_ROLE)) return 'ROLE_MISSING';
  if (signed.before !== Infinity && !((loggedAt ?? Infinity) < signed.before)) return 'SIGNER_BARRED';
  if (read.kind === 'matter.extend' && signed.iat >= matter.dueAt) return 'STATE_WRONG';
  return { act: read, officer: officer.code, at: signed.iat };
}
