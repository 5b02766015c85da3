import { describe, expect, test } from 'vitest';
import { MatterKind, MatterReason } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { digestOf } from '../signing/digest.ts';
import { generateSigningJwk, loadSigningKey } from '../signing/key-store.ts';
import { createSigner } from '../signing/sign.ts';
import { type Act, actBytes, readAct } from './act.ts';
import type { ActBook } from './book.ts';
import { foldActs } from './fold-acts.ts';
import { judgeMatterAct, MATTER_REASONS, type MatterAct, matterActBytes, readMatterAct } from './matter-act.ts';
import { signAct } from './officer-token.ts';

const NOW = 1_795_000_000;
const DAY = 86_400;
const KEY = loadSigningKey(await generateSigningJwk());
const OTHER = loadSigningKey(await generateSigningJwk());
const RECEIPT = Buffer.alloc(16, 7);
const MATTER = { receiptId: RECEIPT, kind: MatterKind.OBJECTION, dueAt: NOW + DAY };
const enrolled = [['officer-a', KEY] as const, ['officer-b', OTHER] as const].map(([code, { kid, publicJwk }]) => ({
  ...{ code, status: 'active', kid, jwk: JSON.stringify(publicJwk) },
}));
/** Others who count for two, or nobody could bar one of the first. */
const SPARE = await Promise.all(
  ['officer-c', 'officer-d'].map(async (code) => {
    const { kid, publicJwk } = loadSigningKey(await generateSigningJwk());
    return { ...{ code, status: 'active', kid }, jwk: JSON.stringify(publicJwk) };
  }),
);
const BOOK = foldActs([], { deployment: 'dev-tests', pinned: undefined, now: NOW, enrolled });

const WORDS = { citation: 'Luật 91/2025, art. 19.1', text_vi: 'Bệnh viện cần hồ sơ.', text_en: 'A hospital needs it.' };
const decision = (own: object = {}): MatterAct =>
  ({
    ...{ act: 'A'.repeat(22), deployment: 'dev-tests', kind: 'matter.decide', of: 'objection' },
    ...{ matter: RECEIPT.toString('base64url'), outcome: 'rejected', reason: 'statutory_duty', ...WORDS },
    ...own,
  }) as MatterAct;
function extension(own: object = {}): MatterAct {
  const { outcome: _, ...rest } = decision({ kind: 'matter.extend', reason: 'complex', ...own }) as MatterAct & {
    outcome?: string;
  };
  return rest as MatterAct;
}

interface Judging {
  readonly book?: ActBook;
  readonly key?: typeof KEY;
  readonly iat?: number;
  readonly matter?: typeof MATTER;
  readonly loggedAt?: number;
}
function judge(act: MatterAct, { book = BOOK, key = KEY, iat = NOW, matter = MATTER, loggedAt }: Judging = {}) {
  const body = matterActBytes(act);
  const digest = digestOf(body);
  const signer = createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
  const signature = signAct(signer, { digest, officer: 'officer-a', deployment: 'dev-tests', iat });
  const judged = judgeMatterAct(book, { digest, body, signature }, matter, loggedAt);
  return typeof judged === 'string' ? judged : 'counts';
}
/** The book after officer-b barred this, once for each of these, now. */
function barring(what: 'officer' | 'key', subject: string, ...more: readonly object[]): ActBook {
  const signer = createSigner({ key: OTHER.key, kid: OTHER.kid, issuer: 'gateway' });
  const rows = (more.length === 0 ? [{}] : more).map((own, n) => {
    const named = {
      act: `${'A'.repeat(21)}${n === 0 ? 'A' : 'Q'}`,
      deployment: 'dev-tests',
      kind: 'bar',
      what,
      subject,
    };
    const body = actBytes({ ...named, ...own } as Act);
    const digest = digestOf(body);
    const signature = signAct(signer, { digest, officer: 'officer-b', deployment: 'dev-tests', iat: NOW });
    return { digest, kind: 'act', body, signature, outcome: 'alone', approval: null } as const;
  });
  const book = foldActs(rows, {
    deployment: 'dev-tests',
    pinned: undefined,
    now: NOW,
    enrolled: [...enrolled, ...SPARE],
  });
  expect(book.refused).toEqual([]);
  return book;
}
/** The book where officer-a holds, and has held, these roles only. */
function withRoles(held: readonly string[], counts = true): ActBook {
  const officer = BOOK.officers.get('officer-a');
  if (officer === undefined) throw new Error('no officer');
  const everHeld = new Set(held) as typeof officer.everHeld;
  return { ...BOOK, officers: new Map([['officer-a', { ...officer, roles: new Set(), everHeld, counts }]]) };
}

describe('an act about a matter', () => {
  test('is read in its one form, and is no act of the book', () => {
    for (const act of [decision(), extension()]) expect(readMatterAct(matterActBytes(act))).toEqual(act);
    expect(readMatterAct(Buffer.from(JSON.stringify(decision(), undefined, 1)))).toBeUndefined();
    expect(readAct(matterActBytes(decision()))).toBeUndefined();
    const bar = { act: 'A'.repeat(22), deployment: 'dev-tests', kind: 'bar', what: 'agency', subject: 'moh' } as Act;
    expect(readMatterAct(actBytes(bar))).toBeUndefined();
  });

  test.each([
    ['an outcome of another kind of matter', decision({ outcome: 'refused' })],
    ['a reason of another outcome', decision({ outcome: 'upheld' })],
    ['a reason for an extension', decision({ reason: 'complex' })],
    ['an extension for a reason to reject', extension({ reason: 'statutory_duty' })],
    ['a withdrawal', decision({ of: 'withdrawal' })],
    ['nothing said to the person', decision({ text_vi: ' ' })],
    ['more than they are told', decision({ person: '901085000017' })],
    ['a name that is too short', decision({ matter: 'AAAA' })],
  ])('is none with %s', (_, act) => {
    expect(readMatterAct(matterActBytes(act))).toBeUndefined();
  });

  test('that refuses states a rule; what is done for the person need not', () => {
    const { citation: _, ...unfounded } = decision();
    expect(readMatterAct(matterActBytes(unfounded as MatterAct))).toBeUndefined();
    const done = { ...unfounded, of: 'deletion', outcome: 'carried_out', reason: 'in_part' } as MatterAct;
    expect(readMatterAct(matterActBytes(done))).toEqual(done);
    expect(readMatterAct(matterActBytes({ ...done, outcome: 'refused', reason: 'not_held' } as MatterAct))).toBe(
      undefined,
    );
  });

  test('has a name for every reason of the contract', () => {
    const named = Object.values(MATTER_REASONS).map(({ reason }) => reason);
    const all = Object.values(MatterReason).filter((value) => typeof value === 'number' && value !== 0);
    expect([...named].sort()).toEqual(all.sort());
  });
});

describe('an act about a matter counts', () => {
  test('by the signature of an officer with the role, for exactly this matter', () => {
    expect(judge(decision())).toBe('counts');
    expect(judge(decision(), { key: OTHER })).toBe('NOT_SIGNED');
    expect(judge(decision({ deployment: 'dev-other' }))).toBe('DEPLOYMENT_WRONG');
    expect(judge(decision(), { matter: { ...MATTER, receiptId: Buffer.alloc(16, 8) } })).toBe('STATE_WRONG');
    expect(judge(decision(), { matter: { ...MATTER, kind: MatterKind.DELETION } })).toBe('STATE_WRONG');
    expect(judge(decision(), { iat: NOW + 60 })).toBe('NOT_SIGNED');
    const body = matterActBytes(decision());
    expect(judgeMatterAct(BOOK, { digest: digestOf(Buffer.from('other')), body, signature: '' }, MATTER)).toBe(
      'DIGEST_WRONG',
    );
  });

  test('of one who held the role then, and not of one who never did, is barred or does not count', () => {
    expect(judge(decision(), { book: withRoles(['support']) })).toBe('counts');
    expect(judge(decision(), { book: withRoles(['proposer', 'approver', 'security', 'auditor']) })).toBe(
      'ROLE_MISSING',
    );
    expect(judge(decision(), { book: withRoles(['support'], false) })).toBe('NOT_SIGNED');
    expect(judge(decision(), { book: { ...BOOK, barred: new Set([`key:${KEY.kid}`]) } })).toBe('SIGNER_BARRED');
  });

  test('of an officer who was barred, or lost the key, by when the log had it and never by when it says itself', () => {
    const barred = barring('officer', 'officer-a');
    expect(judge(decision(), { book: barred, iat: NOW - 600 })).toBe('SIGNER_BARRED');
    expect(judge(decision(), { book: barred, loggedAt: NOW - 1 })).toBe('counts');
    // Of the second in which the bar was signed it may have been before.
    expect(judge(decision(), { book: barred, loggedAt: NOW + 0.9 })).toBe('counts');
    expect(judge(decision(), { book: barred, iat: NOW - 600, loggedAt: NOW + 1 })).toBe('SIGNER_BARRED');
    const key = barring('key', KEY.kid);
    expect(judge(decision(), { book: key, loggedAt: NOW - 1 })).toBe('counts');
    const lost = barring('key', KEY.kid, { compromised_from: NOW - 60 });
    expect(judge(decision(), { book: lost, loggedAt: NOW - 61 })).toBe('counts');
    expect(judge(decision(), { book: lost, iat: NOW - 600, loggedAt: NOW - 60 })).toBe('SIGNER_BARRED');
    // Said once more, it is barred since the first time.
    const earlier = barring('key', KEY.kid, {}, { compromised_from: NOW - 5 });
    expect(judge(decision(), { book: earlier, loggedAt: NOW - 6 })).toBe('counts');
    // Nobody knows since when one of the table is.
    const table = enrolled.map((one) => ({ ...one, status: 'barred' }));
    const struck = foldActs([], { deployment: 'dev-tests', pinned: undefined, now: NOW, enrolled: table });
    expect(judge(decision(), { book: struck, loggedAt: NOW - 600 })).toBe('SIGNER_BARRED');
  });

  test('as an extension before the first end alone', () => {
    expect(judge(extension(), { iat: NOW, matter: { ...MATTER, dueAt: NOW + 1 } })).toBe('counts');
    expect(judge(extension(), { iat: NOW, matter: { ...MATTER, dueAt: NOW } })).toBe('STATE_WRONG');
    expect(judge(decision(), { iat: NOW, matter: { ...MATTER, dueAt: NOW } })).toBe('counts');
  });
});
