/** Countermeasures of the gateway around the rules, each taken out by one edit, and the test that must then fail. */
import { type Patch, without } from './patch.ts';
import { CLOCK_PATCHES } from './patches-of-clocks.ts';
import { EDGE_PATCHES } from './patches-of-edge.ts';
import { KEY_PATCHES } from './patches-of-keys.ts';
import { LOG_PATCHES } from './patches-of-log.ts';
import { MATTER_PATCHES } from './patches-of-matters.ts';
import { PEOPLE_PATCHES } from './patches-of-people.ts';

const HOST = 'gateway/policy/host.ts';
const HOST_TEST = 'gateway/policy/host.test.ts';
const DENIALS_TEST = 'gateway/policy/host-denials.test.ts';
const SIGNED = 'gateway/policy/signed-bundle.ts';
const SIGNED_TEST = 'gateway/policy/signed-bundle.test.ts';
const WATCH = 'gateway/policy/bundle-watch.ts';
const WATCH_TEST = 'gateway/policy/bundle-watch.test.ts';
const AGREEMENTS = 'gateway/policy/agreements.ts';
const AGREEMENTS_TEST = 'gateway/policy/agreements.test.ts';
const PARSE = 'gateway/policy/parse-decision.ts';
const GRANTS = 'gateway/exchange/grants.ts';
const FILTER = 'gateway/exchange/filter.ts';
const TOKEN = 'gateway/acts/officer-token.ts';
const ACTS_TEST = 'gateway/acts/acts.test.ts';
const ISSUERS_TEST = 'gateway/acts/issuers.test.ts';
const RAISES = 'gateway/acts/limits.ts';
const RAISES_TEST = 'gateway/acts/limits.test.ts';
const PERMITTED = 'test/conformance/permitted.test.ts';
const LIMITS_TEST = 'gateway/limits/settle-limits.test.ts';

export const PATCHES: readonly Patch[] = [
  // The engine fails.
  without('a question out of bounds reaches the engine', HOST, '!isPolicyInput(input)', DENIALS_TEST),
  {
    ...{ attack: 'an instance that aborted is used again', file: 'gateway/policy/engine.ts' },
    ...{ find: '      policy = undefined;\n', put: '', test: 'gateway/policy/engine.test.ts' },
  },
  {
    ...{ attack: 'an answer that contradicts itself is believed', file: PARSE, test: DENIALS_TEST },
    ...{ find: 'return isCoherent(result, asked) ? result : undefined;', put: 'return result;' },
  },
  {
    ...{ attack: 'an answer of another shape is believed', file: PARSE, test: DENIALS_TEST },
    ...{ find: '!hasExactly(result, MEMBERS) || ', put: '' },
  },
  {
    ...{ attack: 'two answers are one', file: PARSE, test: DENIALS_TEST },
    ...{ find: ' || resultSet.length !== 1', put: '' },
  },
  without('rules or agreements fall back', HOST, '!mayFollow(contents.revision, next.revision)', HOST_TEST),
  {
    ...{ attack: 'an answer outlives the agreements it was made under', file: HOST, test: HOST_TEST },
    ...{ find: '      engine = loaded;\n      last = undefined;\n', put: '      engine = loaded;\n' },
  },
  {
    ...{ attack: 'a lone surrogate aborts the engine', file: 'gateway/policy/input.ts', test: DENIALS_TEST },
    ...{ find: 'value.isWellFormed() && ', put: '' },
  },
  // Bundles.
  without('ended rules decide', HOST, 'rulesEnd !== undefined && question.now >= rulesEnd', WATCH_TEST),
  without('ended rules are loaded', SIGNED, '!(nowSeconds() < exp)', SIGNED_TEST),
  without('edited rules are loaded', SIGNED, 'unbound !== undefined', SIGNED_TEST),
  without(
    'an edited manifest is believed',
    SIGNED,
    "man !== digestOf(Buffer.from(files.manifest, 'utf8'))",
    SIGNED_TEST,
  ),
  without('rules under another revision than was signed', SIGNED, 'bundle.revision !== ver', SIGNED_TEST),
  without('rules that trap or say nothing are loaded', SIGNED, '!deniesTheUnknown(bundle.module)', SIGNED_TEST),
  without('older rules under a running gateway', WATCH, 'bundle.revision < host.revision.policy', WATCH_TEST),
  {
    ...{ attack: 'older rules after a restart', file: WATCH, test: WATCH_TEST },
    ...{ find: "if (outcome === 'admitted') return bundle;", put: 'return bundle;' },
  },
  {
    ...{ attack: 'older rules at another gateway', file: 'gateway/agreements/bundle-store.ts' },
    ...{ find: ' || found.highest > revision', put: '', test: 'gateway/agreements/bundle-store.test.ts' },
  },
  // Agreements.
  without('one officer', AGREEMENTS, 'signers.counted.size < 2 && !fell', AGREEMENTS_TEST),
  without(
    'a second reading of signed bytes',
    AGREEMENTS,
    'Buffer.compare(agreementBytes(agreement), bytes) !== 0',
    AGREEMENTS_TEST,
  ),
  {
    ...{ attack: 'an older version put back', file: AGREEMENTS, test: AGREEMENTS_TEST },
    ...{ find: 'highestOf(ofId(id)) < (seenVersions?.get(id) ?? 0)', put: 'false' },
  },
  without('a field nobody knows', AGREEMENTS, 'unknown.length > 0', AGREEMENTS_TEST),
  {
    ...{ attack: 'an officer whom only the database names', file: 'gateway/agreements/officers.ts' },
    ...{ find: 'unpinned: !officer.counts', put: 'unpinned: false', test: 'gateway/agreements/store.test.ts' },
  },
  {
    ...{ attack: 'an officer signs as another', file: TOKEN, test: ACTS_TEST },
    ...{ find: ' || claims.off !== officer.code', put: '' },
  },
  // Officers and their acts.
  {
    ...{ attack: 'a barred officer signs on', file: TOKEN, test: ACTS_TEST },
    ...{ find: 'book.officers.get(officer)?.barred !== false || ', put: '' },
  },
  {
    ...{ attack: 'an officer signs as of tomorrow', file: TOKEN, test: ACTS_TEST },
    ...{ find: ' || iat > book.now + AHEAD', put: '' },
  },
  {
    ...{ attack: 'a replaced key signs on', file: TOKEN, test: ACTS_TEST },
    ...{ find: 'iat > (key.until ?? Infinity) || ', put: '' },
  },
  {
    ...{ attack: 'a compromised key signs on', file: TOKEN, test: ACTS_TEST },
    ...{
      find: 'iat >= (book.officerKeys.get(kid)?.compromisedFrom ?? Infinity) ? undefined : signature',
      put: 'signature',
    },
  },
  {
    ...{ attack: 'what a key in other hands signed proves something', file: 'gateway/acts/book.ts', test: ACTS_TEST },
    ...{ find: 'return since === undefined || evidenceCounts(', put: 'return since !== null || evidenceCounts(' },
  },
  {
    ...{ attack: 'an issuer takes another’s key for its own', file: 'gateway/acts/issuers.ts', test: ISSUERS_TEST },
    ...{ find: "  if (isKeyTaken(book, key)) return 'STATE_WRONG';\n", put: '' },
  },
  without(
    'an issuer that officers ended signs on',
    'gateway/acts/book.ts',
    "book.issuers.get(issuer)?.state !== 'active' || isBarred(book, 'issuer', issuer)",
    ISSUERS_TEST,
  ),
  {
    ...{ attack: 'consents under a stolen key cover', file: 'gateway/acts/book.ts', test: ISSUERS_TEST },
    ...{ find: 'return [...compromised].filter(', put: 'return [...compromised].slice(0, 0).filter(' },
  },
  without(
    'a gateway goes back to an earlier key set',
    'gateway/server/key-watch.ts',
    'rolledBack',
    'gateway/server/key-watch.test.ts',
  ),
  {
    ...{ attack: 'an older key set is passed over for ever', file: 'connectors/kit/key-set-source.ts' },
    ...{ find: '!(age >= 0 && age < SPREAD_SECONDS) || ', put: '', test: 'connectors/kit/key-set-source.test.ts' },
  },
  without('one officer signs twice', 'gateway/acts/fold-acts.ts', 'first.officer === second.officer', ACTS_TEST),
  without(
    'two officers of whom one made the other',
    'gateway/acts/fold-acts.ts',
    '!mayPair(book, first.officer, second.officer, Math.max(first.iat, second.iat))',
    ACTS_TEST,
  ),
  {
    ...{ attack: 'one officer raises a limit', file: 'gateway/acts/act.ts', test: RAISES_TEST },
    ...{
      find: "'issuer.retire', 'limit.lower']",
      put: "'issuer.retire', 'limit.lower', 'limit.raise']",
    },
  },
  {
    ...{ attack: 'one officer raises a limit by lowering it from higher', file: RAISES, test: RAISES_TEST },
    ...{ find: 'Math.min(agreed ?? Infinity, loweredSince(0))', put: 'loweredSince(0)' },
  },
  {
    ...{ attack: 'a raise has no end', file: RAISES, test: RAISES_TEST },
    ...{ find: 'if (until === undefined || now >= until) continue;', put: 'if (until === undefined) continue;' },
  },
  {
    ...{ attack: 'a raise for years', file: RAISES, test: RAISES_TEST },
    ...{ find: ' && until - at <= RAISE_SECONDS', put: '' },
  },
  {
    ...{ attack: 'an earlier raise outlasts what lowered it', file: RAISES, test: RAISES_TEST },
    ...{ find: 'const most = Math.min(to, loweredSince(at));', put: 'const most = to;' },
  },
  {
    ...{ attack: 'the administration is lowered away', file: RAISES, test: RAISES_TEST },
    ...{ find: 'agreement === ADMINISTRATION || ', put: '' },
  },
  without(
    'one person is two officers',
    'gateway/acts/apply-act.ts',
    '[...book.officers.values()].some((officer) => officer.person === person)',
    ACTS_TEST,
  ),
  without(
    'agreements that are out of step',
    'gateway/agreements/watch.ts',
    'clock() - inStepAt > MAX_STALE_MS',
    'gateway/agreements/watch.test.ts',
  ),
  // What leaves.
  {
    ...{ attack: 'fields that were fetched and not granted leave', file: FILTER, test: PERMITTED },
    ...{ find: 'keepFields(record.person, granted)', put: 'record.person' },
  },
  without('notices without the grant', FILTER, '!decided.decision.grants.notices', PERMITTED),
  ...(['field_results', 'reasons'] as const).map((grant) => ({
    ...{ attack: `${grant} without the grant`, file: GRANTS, test: PERMITTED },
    ...{ find: `grants.${grant} && own`, put: 'own' },
  })),
  {
    ...{ attack: 'existence without the grant', file: GRANTS, test: PERMITTED },
    ...{ find: 'const silent = !grants.existence && ', put: 'const silent = false && ' },
  },
  {
    ...{ attack: 'whole scores for bands', file: GRANTS, test: PERMITTED },
    ...{ find: 'return exact || score === NO_SCORE ? score', put: 'return true ? score' },
  },
  {
    ...{ attack: 'the number now in use without the grant', file: GRANTS, test: PERMITTED },
    ...{ find: 'verified && grants.current_id ?', put: 'verified ?' },
  },
  {
    ...{ attack: 'a sensitive field leaves in clear', file: 'gateway/exchange/sign.ts', test: PERMITTED },
    ...{ find: 'if (!decided.encrypted) return', put: 'return' },
  },
  without(
    'a person is looked up for an answer that cannot leave',
    'gateway/exchange/decide.ts',
    'sensitive.length > 0 && caller.encryptionKey === undefined',
    PERMITTED,
  ),
  {
    ...{ attack: 'an encrypted answer that asks to be inflated', file: 'gateway/signing/decrypt.ts' },
    ...{ find: 'read === undefined || !hasExactly(read, HEADER_MEMBERS)', put: 'read === undefined' },
    test: 'gateway/signing/decrypt.test.ts',
  },
  {
    ...{
      attack: 'a signing key is encrypted to',
      file: 'gateway/acts/possession.ts',
      test: 'gateway/acts/possession.test.ts',
    },
    ...{ find: 'deployment, of, holder, thumbprintOf(key)]', put: 'deployment, holder, thumbprintOf(key)]' },
  },
  {
    ...{ attack: 'a denial is overlooked', file: 'gateway/exchange/decide.ts', test: PERMITTED },
    ...{ find: "if (!decision.allow || decision.reason !== 'OK')", put: 'if (false)' },
  },
  // Guessing, and hoarding.
  {
    ...{ attack: 'an answer behind a spent budget leaves with it', file: 'gateway/limits/count-guesses.ts' },
    ...{ find: 'added === index.answersOn(unit) || ', put: 'added > 0 || ', test: LIMITS_TEST },
  },
  {
    ...{ attack: 'a budget is one a gateway', file: 'gateway/limits/count-guesses.ts', test: LIMITS_TEST },
    ...{ find: '    if (late) overtake(one.item);\n    return !late;', put: '    return !late;' },
  },
  {
    ...{ attack: 'a field is answered beyond its budget', file: 'gateway/exchange/near-table.ts', test: LIMITS_TEST },
    ...{ find: 'view.getUint32(at + 4)) < bound', put: 'view.getUint32(at + 4)) <= bound' },
  },
  {
    ...{ attack: 'numbers are tried for a name and date', file: 'gateway/exchange/guard-rows.ts', test: LIMITS_TEST },
    ...{ find: '!missed || spent === BOTH', put: 'true' },
  },
  {
    ...{
      attack: 'a day’s rows are taken beyond their bound',
      file: 'gateway/limits/take-quotas.ts',
      test: LIMITS_TEST,
    },
    ...{ find: 'counter.used + add > most', put: 'counter.used > most' },
  },
  {
    ...{ attack: 'a rate that was lowered is kept to what it was', file: 'gateway/limits/rate-gate.ts' },
    ...{ find: ' || known.used < (most ?? Infinity)', put: ' || known.used > 0' },
    test: 'gateway/limits/rate-gate.test.ts',
  },
  {
    ...{ attack: 'the index of accesses stands still between two looks', file: 'gateway/compose/accesses-thread.ts' },
    ...{ find: '  port.ref();\n', put: '', test: 'test/integration/accesses/thread.test.ts' },
  },
  // People who act and agree, and what they are shown; the gateway's own keys.
  ...PEOPLE_PATCHES,
  ...KEY_PATCHES,
  ...MATTER_PATCHES,
  // Consents that are taken back, the log, and who holds back for whom.
  ...EDGE_PATCHES,
  ...LOG_PATCHES,
  ...CLOCK_PATCHES,
];
