/** What persons object to and ask for, and who decides it. */
import { type Patch, without } from './patch.ts';

const ACT = 'gateway/acts/matter-act.ts';
const ACT_TEST = 'gateway/acts/matter-act.test.ts';
const DECIDE = 'gateway/admin/matters.ts';
const FIND_TEST = 'gateway/consent/officers-matters.test.ts';
const MATTERS_TEST = 'test/integration/matters.test.ts';
const AT_ONCE_TEST = 'test/integration/matters-at-once.test.ts';
const FLOODING_TEST = 'test/integration/flooding.test.ts';

export const MATTER_PATCHES: readonly Patch[] = [
  without('other bytes beneath a decision’s name', ACT, 'digestOf(body) !== digest', ACT_TEST),
  without('a decision of another deployment', ACT, 'read.deployment !== book.deployment', ACT_TEST),
  without(
    'one person’s decision put beneath another’s matter',
    ACT,
    "read.matter !== Buffer.from(matter.receiptId).toString('base64url')",
    ACT_TEST,
  ),
  without('a decision of an objection read as one of a deletion', ACT, 'MATTERS[read.of] !== matter.kind', ACT_TEST),
  without('an officer without the role decides', ACT, '!officer.everHeld.has(MATTER_ROLE)', ACT_TEST),
  {
    ...{ attack: 'a barred officer decides, dated back', file: ACT, test: ACT_TEST },
    ...{ find: '!((loggedAt ?? Infinity) < signed.before)', put: 'false' },
  },
  {
    ...{ attack: 'a decision stands on the entry of another', test: MATTERS_TEST },
    ...{
      file: 'gateway/consent/logged-decisions.ts',
      find: 'digestOf(asked.body) === digest && asked.signature === signature ?',
      put: 'asked !== undefined ?',
    },
  },
  without(
    'a period is extended after its end',
    ACT,
    "read.kind === 'matter.extend' && signed.iat >= matter.dueAt",
    ACT_TEST,
  ),
  {
    ...{ attack: 'an officer decides who does not count', file: ACT, test: ACT_TEST },
    ...{ find: 'officer?.counts !== true', put: 'officer === undefined' },
  },
  {
    ...{ attack: 'a refusal for which there is no rule', file: ACT, test: ACT_TEST },
    ...{ find: ' && (!negative || rule !== undefined)', put: '' },
  },
  {
    ...{ attack: 'a decision for a reason of another', file: ACT, test: ACT_TEST },
    ...{ find: ' && allows(reason, name)', put: '' },
  },
  {
    ...{ attack: 'an officer without the role reads matters', file: DECIDE, test: MATTERS_TEST },
    ...{ find: 'mustHold(call, MATTER_ROLE);\n        const person', put: 'const person' },
  },
  {
    ...{ attack: 'an officer decides their own matter', file: DECIDE, test: MATTERS_TEST },
    ...{ find: 'mustBeAnothers(matter.numbers, call, deps);', put: '' },
  },
  {
    ...{ attack: 'an officer decides by another’s signature', file: DECIDE, test: MATTERS_TEST },
    ...{ find: 'mustBeSigned(call, signature, signedBy(digest, undefined), deps);', put: '' },
  },
  {
    ...{ attack: 'a matter is decided twice', file: DECIDE, test: MATTERS_TEST },
    ...{ find: ' || decision !== undefined', put: '' },
  },
  {
    ...{ attack: 'two decide at the same moment', file: 'gateway/consent/matter-standing.ts', test: AT_ONCE_TEST },
    ...{ find: '= $7::bigint', put: '>= $7::bigint' },
  },
  {
    ...{ attack: 'a withdrawal is decided', file: DECIDE, test: MATTERS_TEST },
    ...{ find: '!isDecided(kind) || ', put: '' },
  },
  {
    ...{ attack: 'what the person lifted is decided', file: DECIDE, test: MATTERS_TEST },
    ...{ find: ' || liftedAt !== 0', put: '' },
  },
  {
    ...{ attack: 'a period is extended twice', file: DECIDE, test: MATTERS_TEST },
    ...{ find: 'extension !== undefined || isLate', put: 'isLate' },
  },
  {
    ...{ attack: 'what an officer decided with a lost key stays decided', test: MATTERS_TEST },
    ...{ file: 'gateway/consent/matter-watch.ts', find: 'await openAgain(judging, found);', put: '' },
  },
  {
    ...{ attack: 'an extension that the operator does not see', test: 'gateway/consent/open-matters.test.ts' },
    ...{
      file: 'gateway/consent/open-matters.ts',
      find: 'extended ? clock.extendedDueAt : clock.dueAt',
      put: 'clock.dueAt',
    },
  },
  {
    ...{
      attack: 'a withdrawal is put back while it is acknowledged',
      find: 'await tx.query(lockAcknowledging(receiptId));',
    },
    ...{ file: 'gateway/consent/missed-matters.ts', put: '', test: 'gateway/consent/missed-matters.test.ts' },
  },
  {
    ...{ attack: 'a decision that was judged once is believed whatever became of it', put: 'known !== undefined &&' },
    ...{ file: 'gateway/consent/judged-acts.ts', find: 'known?.digest === digest &&' },
    test: 'gateway/consent/judged-acts.test.ts',
  },
  {
    ...{ attack: 'two gateways record the same request', file: 'gateway/consent/claim.ts', test: AT_ONCE_TEST },
    ...{
      find: 'SELECT 1 WHERE pg_try_advisory_xact_lock(',
      put: "SELECT 1 WHERE $1 <> '' OR pg_try_advisory_xact_lock(",
    },
  },
  {
    ...{ attack: 'two gateways record the same objection', file: 'gateway/consent/take-back.ts', test: AT_ONCE_TEST },
    ...{ find: '[mustBeFirst(matter), mayWait(personNo)]', put: '[mayWait(personNo)]' },
  },
  {
    ...{ attack: 'what is named once more is lost', file: 'gateway/consent/objected-again.ts', test: MATTERS_TEST },
    ...{ find: '...named.map((about) => keepName(receiptId, about, entryId)),', put: '' },
  },
  {
    ...{ attack: 'purposes that nobody has fill the officers’ list', file: 'gateway/consent/take-back.ts' },
    ...{ find: '[mustBeFirst(matter), mayWait(personNo)]', put: '[mustBeFirst(matter)]', test: FLOODING_TEST },
  },
  {
    ...{ attack: 'sets of fields fill the officers’ list', file: 'gateway/consent/claim.ts', test: FLOODING_TEST },
    ...{ find: 'mayWait(personNo),', put: '' },
  },
  {
    ...{ attack: 'officers are not shown all that is named', file: 'gateway/consent/objected-again.ts' },
    ...{
      find: '[mayName(receiptId, about), mayAskToday(personNo)]',
      put: '[mayAskToday(personNo)]',
      test: FLOODING_TEST,
    },
  },
  {
    ...{ attack: 'a consent in force is hidden behind others', file: 'gateway/consent/consent-store.ts' },
    ...{ find: ' DESC, c.consent_no DESC LIMIT', put: ' IS NULL, c.consent_no DESC LIMIT', test: FLOODING_TEST },
  },
  {
    ...{ attack: 'more consents than a list has', file: 'gateway/consent/grant.ts', test: FLOODING_TEST },
    ...{ find: 'mayGive(personNo, Math.floor(now)),', put: '' },
  },
  {
    ...{ attack: 'restricted and lifted all day', file: 'gateway/consent/take-back.ts', test: FLOODING_TEST },
    ...{ find: 'kind === MatterKind.WITHDRAWAL ? [] : [mayAskToday(personNo)]', put: '[]' },
  },
  {
    ...{ attack: 'a decision by nobody hides beneath the first', file: 'gateway/consent/matter-watch.ts' },
    ...{ find: '[-(2n ** 63n), ', put: '[1n, ', test: 'gateway/consent/matter-watch.test.ts' },
  },
  without(
    'the register as one against whom one objects',
    'gateway/consent/take-back.ts',
    "recipient === ''",
    MATTERS_TEST,
  ),
  {
    ...{ attack: 'a weak identity asks for a copy', file: 'gateway/consent/claim.ts', test: MATTERS_TEST },
    ...{ find: 'mustBeAssured(acting, AssuranceLevel.TWO);', put: '' },
  },
  {
    ...{ attack: 'a second decision, judged before the first stood', test: FIND_TEST },
    ...{
      file: 'gateway/consent/matter-standing.ts',
      find: 'WHERE (SELECT count(*) FROM matter_act WHERE receipt_id = $2) = $7::bigint',
      put: 'WHERE $7::bigint >= 0',
    },
  },
  {
    ...{ attack: 'a decision counted that was not seen', file: 'gateway/consent/officers-matters.ts', test: FIND_TEST },
    ...{
      find: 'numbers: await numbersOf(deps.db, row.person_no)',
      put: "digests: (await deps.db.query<{ digest: string }>('SELECT digest FROM matter_act WHERE receipt_id = $1', [receiptId])).rows.map(({ digest }) => digest), numbers: []",
    },
  },
];
