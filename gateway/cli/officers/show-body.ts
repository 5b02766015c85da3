/** A proposal's bytes as people judge them: an agreement whole, with what it changes marked; of an act its members. */
import type { Language } from '../../../connectors/kit/messages.ts';
import { type ActOf, readAct } from '../../acts/act.ts';
import { readCertificate } from '../../acts/certificate.ts';
import { VOCABULARY } from '../../fields/vocabulary.ts';
import type { Agreement } from '../../policy/agreement.ts';
import { checkAgreement } from '../../policy/check-agreement.ts';
import { type AgreementChange, compareAgreements, diffAgreements } from '../../policy/diff-agreement.ts';
import { thumbprintOf } from '../../signing/public-key.ts';
import type { CommandContext } from '../cli.ts';
import { localTime } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { OFFICER_WORDS, tellTable } from './words.ts';

/** Throws CliProblem AGREEMENT_FILE naming what is wrong with it. */
export function readAgreement(body: Uint8Array, file = '-'): Agreement {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new CliProblem('AGREEMENT_FILE', { file, problem: 'NOT_JSON' });
  }
  const checked = checkAgreement(value);
  if (checked.ok) return checked.agreement;
  const problem = checked.problems.map(({ path, problem: code }) => `${code} ${path}`.trim()).join(', ');
  throw new CliProblem('AGREEMENT_FILE', { file, problem });
}

/** Its path; the number of a field that this program's vocabulary does not have: a newer gateway's, or a slip of the hand. */
export const fieldOf = (id: number): string => VOCABULARY.byId.get(id)?.path ?? String(id);

/** Says it to people, and returns it for programs. @param current exact bytes of the agreement in force; empty: none */
export function showBody(context: CommandContext, body: Uint8Array, current: Uint8Array) {
  const { language } = context.settings;
  const words = OFFICER_WORDS[language];
  const act = readAct(body);
  if (act === undefined) {
    const before = current.length === 0 ? undefined : readAgreement(current);
    const after = readAgreement(body);
    return { agreement: after, changes: showAgreement(context, before, after) };
  }
  const change = act.kind === 'limit.raise' || act.kind === 'limit.lower' ? limitChange(act, language) : [];
  const members = Object.entries(act)
    .filter(([name]) => change.length === 0 || !LIMIT_MEMBERS.has(name))
    .flatMap(([name, value]) => memberLines(name, value));
  tellTable(context, words.members, members);
  if (change.length > 0) tellTable(context, words.changes, change);
  return { act };
}

/**
 * All of an agreement that is to be signed. What it is now is the gateway's word alone, so that a member which seems to stay
 * as it is stands here as well.
 */
export function showAgreement(
  context: CommandContext,
  before: Agreement | undefined,
  after: Agreement,
): readonly AgreementChange[] {
  const { language } = context.settings;
  const words = OFFICER_WORDS[language];
  const members = compareAgreements(before, after, fieldOf);
  const changes = members.filter((one) => one.before !== one.after);
  const rows = members.map((one) => {
    const same = one.before === one.after;
    const mark = same ? '' : one.before === undefined ? '+' : one.after === undefined ? '−' : '*';
    return [mark, one.member, same ? '=' : (one.before ?? '–'), one.after ?? '–'];
  });
  tellTable(context, ['', ...words.changes], rows);
  const facts = { changed: count(changes.length, language), all: count(members.length, language) };
  context.say(changes.length === 0 ? words.same : fill(words.marked, facts));
  return changes;
}

/** All that an agreement says. */
export function showMembers(context: CommandContext, agreement: Agreement): void {
  const members = compareAgreements(undefined, agreement, fieldOf);
  tellTable(
    context,
    OFFICER_WORDS[context.settings.language].members,
    members.map(({ member, after = '' }) => [member, after]),
  );
}

export function showChanges(
  context: CommandContext,
  before: Agreement | undefined,
  after: Agreement,
): readonly AgreementChange[] {
  const words = OFFICER_WORDS[context.settings.language];
  const changes = diffAgreements(before, after, fieldOf);
  if (changes.length === 0) context.say(words.same);
  else {
    tellTable(
      context,
      words.changes,
      changes.map(({ member, before: now = '–', after: then = '–' }) => [member, now, then]),
    );
  }
  return changes;
}

const MOMENTS = new Set(['key_until', 'compromised_from', 'until']);
const LIMIT_MEMBERS = new Set(['limit', 'from', 'to', 'until']);

/** As of an agreement: what it is now, and what it would be. */
function limitChange(act: ActOf<'limit.raise'> | ActOf<'limit.lower'>, language: Language): string[][] {
  const { limit, from, to } = act;
  const change = [`limits.${limit}`, from === undefined ? '–' : count(from, language), count(to, language)];
  return act.kind === 'limit.lower' ? [change] : [change, ['until', '–', localTime(act.until)]];
}

/** What people compare: fingerprints and thumbprints in place of certificates and keys. */
function memberLines(name: string, value: unknown): string[][] {
  if (name === 'certificate') {
    const facts = readCertificate(String(value));
    return facts === undefined
      ? [[name, '?']]
      : [
          ['certificate', facts.fingerprint],
          ['certificate.until', localTime(facts.notAfter)],
        ];
  }
  if (name === 'key' || name === 'encryption_key')
    return [[name, thumbprintOf(value as Parameters<typeof thumbprintOf>[0])]];
  if (MOMENTS.has(name)) return [[name, localTime(Number(value))]];
  if (name === 'proof' || name === 'encryption_proof' || name === 'act') return [];
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one === 'string')) return [[name, value.join(', ')]];
    return value.flatMap((one, at) => memberLines(`${name}.${at}`, one));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([inner, one]) =>
      memberLines(inner, one).map(([path, text]) => [`${name}.${path}`, text ?? '']),
    );
  }
  return [[name, String(value)]];
}
