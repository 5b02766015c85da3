/** Whoever acts for a person, what counts as their consent, and what they are shown. */
import { type Patch, without } from './patch.ts';

const ACTING = 'gateway/acting/acting-person.ts';
const SUBJECT = 'gateway/acting/subject.ts';
const ACTING_TEST = 'gateway/acting/acting-person.test.ts';
const ARTEFACT = 'gateway/consent/judge-artefact.ts';
const ARTEFACT_TEST = 'gateway/consent/judge-artefact.test.ts';
const CONSENT_TEST = 'test/integration/consent.test.ts';
const FLIGHTS = 'gateway/exchange/flights.ts';
const FLIGHTS_TEST = 'gateway/exchange/flights.test.ts';
const CHECK = 'gateway/proof/browser/check-access.ts';
const NOTE = 'gateway/proof/browser/note.ts';
const PROOF_TEST = 'gateway/proof/access-proof.test.ts';
const COSIGNED_TEST = 'gateway/proof/cosignature.test.ts';

const acting = (attack: string, find: string, put = ''): Patch => ({
  ...{ attack, find, put, file: ACTING, test: ACTING_TEST },
});
const artefact = (attack: string, find: string, put = ''): Patch => ({
  ...{ attack, find, put, file: ARTEFACT, test: ARTEFACT_TEST },
});

export const PEOPLE_PATCHES: readonly Patch[] = [
  // Who acts.
  acting('an agency uses what was asserted for another', '    assertion.audienceAgency === agency &&\n'),
  acting('an issuer asserts in another’s name', '    assertion.issuer === issuer.code &&\n'),
  acting('an assertion that nobody dated', '    claims.iat === issuedAt &&\n'),
  acting('an assertion for days', ' &&\n    expiresAt - issuedAt <= ASSERTION_SECONDS'),
  acting('an assertion that is over', '!(now < expiresAt) || '),
  acting(
    'another person beneath a true signature',
    '  if (checkBinding(claims, { audience, digest: digestOf(payload) }) !== undefined) return undefined;\n',
  ),
  acting('a proof of one act for another', 'checkBinding(claims, facts) !== undefined || '),
  acting('a proof of yesterday', ' || checkFreshness(claims.iat, clock) !== undefined'),
  acting('a proof is used again', 'orRefuse: { reason: ErrorReason.PERSON_PROOF_WRONG },'),
  without('one person is two', ACTING, 'ids.size < acting.length', ACTING_TEST),
  without('a stranger beside the person', SUBJECT, 'relations.length + (own ? 1 : 0) < acting.length', ACTING_TEST),
  without(
    'a child’s consent without the child',
    SUBJECT,
    "concert === 'all' && !own && relations.some(({ ownActNeeded }) => ownActNeeded)",
    ACTING_TEST,
  ),
  without('a weak identity', SUBJECT, 'acting.some(({ assurance }) => assurance < least)', ACTING_TEST),
  {
    ...{ attack: 'a look for a person whose issuer was ended meanwhile is recorded', test: CONSENT_TEST },
    ...{ file: 'gateway/exchange/record.ts', put: 'standsOn: standsOn(grounds),\n      answer' },
    find: 'standsOn: [...standsOn(grounds), ...(composed.standsOn ?? [])],\n      answer',
  },
  {
    ...{ attack: 'what is taken back by the word of an issuer that was ended meanwhile', test: CONSENT_TEST },
    ...{ file: 'gateway/consent/take-back.ts', find: ', ...theirs.standsOn]', put: ']' },
  },
  // What counts as a consent.
  {
    ...{ attack: 'a consent that a stolen key granted covers', file: 'gateway/consent/find-consents.ts' },
    ...{ find: 'lost.length === 0', put: 'lost.length >= 0', test: CONSENT_TEST },
  },
  artefact(
    'other fields beneath a true signature',
    "  if (checkBinding(verified.claims, facts) !== undefined) return invalid('jws', 'INCONSISTENT');\n",
  ),
  artefact(
    'an issuer consents to its owner’s other agency',
    ' || agencyIn(data, recipient)?.legal_entity === issuer.legalEntity',
  ),
  artefact('a box ticked beforehand', ' || artefact.acts.some(({ manner }) => manner !== ConsentManner.ACTIVE)'),
  artefact('a consent in one', 'recipients.length > 1 || purposes.length > 1', 'recipients.length > 1'),
  artefact('a consent for ever', ' || !(end - Math.max(from, now) <= LONGEST_SECONDS)'),
  artefact('a consent that is over', '!(end > now) || '),
  artefact('a consent of tomorrow', 'issuedAt) <= now + MAX_AHEAD_SECONDS', 'issuedAt) <= Infinity'),
  artefact('fields that nobody agreed', 'others.length > 0', 'others.length > 1'),
  artefact('a consent under an agreement that is over', ' && now < agreement.valid_to'),
  artefact('a consent of which nothing was shown', "textShown.trim() === '' || "),
  {
    ...{ attack: 'a consent taken back is given again as it was', file: 'gateway/consent/grant.ts' },
    ...{ find: 'orRefuse: { reason: ErrorReason.CONSENT_WITHDRAWN },', put: '', test: CONSENT_TEST },
  },
  {
    ...{ attack: 'a child alone', file: 'gateway/consent/of-age.ts', test: CONSENT_TEST },
    ...{ find: ' || (needed.representative && !represented)', put: '' },
  },
  // What is taken back.
  without('what was taken back while it was made leaves', FLIGHTS, 'this.overtaken', FLIGHTS_TEST),
  {
    ...{ attack: 'who read slowly gets what was taken back', file: FLIGHTS, test: FLIGHTS_TEST },
    ...{ find: "if (this.#state !== 'working') return this.#tellsBy(taken);", put: '' },
  },
  {
    ...{ attack: 'of what is not judged yet nobody can take anything back', file: FLIGHTS, test: FLIGHTS_TEST },
    ...{ find: 'this.#scopes === undefined || ', put: 'this.#scopes === undefined) return false;\n    if (' },
  },
  {
    ...{ attack: 'a gateway is through with what it still settles', file: 'gateway/consent/settling.ts' },
    ...{ find: 'Math.min(seen, ...Array.from(settling, ({ from }) => from))', put: 'seen' },
    test: 'gateway/consent/settling.test.ts',
  },
  {
    ...{ attack: 'rows tell what a part was agreed to that is taken back', file: 'gateway/exchange/consents-used.ts' },
    ...{ find: 'for (const personNo of coverage.people.partly.keys()) ', put: 'for (const personNo of []) ' },
    test: 'gateway/exchange/consents-used.test.ts',
  },
  // What a person is shown, and proves.
  without('a head of another tree', CHECK, 'head === undefined || head.size !== size', PROOF_TEST),
  {
    ...{ attack: 'an entry of another log', file: CHECK, test: PROOF_TEST },
    find: ' || !equal(root, head.root)',
    put: '',
  },
  {
    ...{ attack: 'a leaf of another entry', file: CHECK, test: PROOF_TEST },
    find: ' || !equal(top, subtree)',
    put: '',
  },
  without('one look told twice', CHECK, 'place <= (uses.at(-1)?.leaf ?? -1)', PROOF_TEST),
  without('witnesses that never saw it', CHECK, 'head.witnesses.length < (trust.needed ?? 0)', PROOF_TEST),
  {
    ...{ attack: 'one witness under two names', file: NOTE, test: COSIGNED_TEST },
    ...{ find: 'found.set(key.join(), {', put: 'found.set(name, {' },
  },
  {
    ...{ attack: 'another person’s looks', file: 'gateway/accesses/postings.ts' },
    ...{ find: 'if (!hasTag(block, at, tag)) continue;', put: '', test: 'gateway/accesses/postings.test.ts' },
  },
  {
    ...{ attack: 'a use is kept from the person for ever', file: 'gateway/proof/lawful-delay.ts' },
    ...{ find: 'Math.min(delayUntil,', put: 'Math.max(delayUntil, 0 *' },
    test: 'test/integration/accesses/index.test.ts',
  },
];
