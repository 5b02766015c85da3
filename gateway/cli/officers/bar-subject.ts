/** What an officer types to bar something, as the register spells it, and whose it is: a slip of the hand would bar nothing. */
import { AdminService } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { BarredKind } from '../../acts/act.ts';
import { isBarSubject } from '../../acts/bar-subject.ts';
import { CliProblem, fill } from '../problem.ts';
import type { OfficerDesk } from './desk.ts';
import { OFFICER_WORDS } from './words.ts';

const MISSPELT = {
  agency: 'SUBJECT_CODE',
  certificate: 'SUBJECT_CERTIFICATE',
  key: 'SUBJECT_KEY',
  officer: 'SUBJECT_CODE',
  agreement: 'SUBJECT_CODE',
  issuer: 'SUBJECT_CODE',
} as const satisfies Readonly<Record<BarredKind, string>>;

/** Without the colons and capitals that openssl prints of a fingerprint. Throws CliProblem SUBJECT_CODE, SUBJECT_CERTIFICATE, SUBJECT_KEY. */
export function spelledSubject(what: BarredKind, typed: string): string {
  const plain = what === 'certificate' ? typed.replaceAll(':', '') : typed;
  const subject = what === 'key' ? plain : plain.toLowerCase();
  if (isBarSubject(what, subject)) return subject;
  throw new CliProblem(MISSPELT[what], { subject: typed });
}

export const UNKNOWN_OPTION = ['--unknown', 'also what no list of the register names'] as const;

const LISTS: Readonly<Record<BarredKind, string>> = {
  agency: '"agency list"',
  certificate: '"agency list", "officer list"',
  key: '"agency list", "issuer list", "officer list"',
  officer: '"officer list"',
  agreement: '"agreement list"',
  issuer: '"issuer list"',
};

/**
 * As the register spells it, and a line that says whose it is, or that no list names it, which the officer must have said before.
 * Throws CliProblem SUBJECT_UNKNOWN where it was not said, and as `spelledSubject`.
 */
export async function subjectFor(
  desk: OfficerDesk,
  what: BarredKind,
  typed: string,
  { unknown, language }: { readonly unknown?: boolean; readonly language: 'en' | 'vi' },
): Promise<{ readonly subject: string; readonly notes: readonly string[] }> {
  const subject = spelledSubject(what, typed);
  const owner = await ownerOf(desk, what, subject, language);
  if (owner === undefined && unknown !== true) throw new CliProblem('SUBJECT_UNKNOWN', { subject, list: LISTS[what] });
  const words = OFFICER_WORDS[language];
  return { subject, notes: [owner === undefined ? words.unlisted : fill(words.listed, { subject, owner })] };
}

/** Whose it is, by the gateway's lists; undefined where none names it. */
async function ownerOf(
  { client, signal }: OfficerDesk,
  what: BarredKind,
  subject: string,
  language: 'en' | 'vi',
): Promise<string | undefined> {
  const { method } = AdminService;
  if (what === 'agreement') {
    const { agreements } = (await client.unary(method.listAgreements, {}, { signal })).message;
    const found = agreements.find(({ id }) => id === subject);
    return found && `${found.agency} ${found.purpose}`;
  }
  const { agencies, issuers } = (await client.unary(method.listAgencies, {}, { signal })).message;
  if (what === 'agency' || what === 'issuer') {
    const found = (what === 'agency' ? agencies : issuers).find(({ code }) => code === subject);
    return found && (language === 'vi' ? found.nameVi : found.nameEn);
  }
  const { officers } = (await client.unary(method.listOfficers, {}, { signal })).message;
  if (what === 'officer') return officers.find(({ code }) => code === subject)?.roles.join(', ');
  const owners = [
    ...agencies.map(({ code, certificates, keys }) => ({ code, names: namesOf(certificates, keys) })),
    ...issuers.map(({ code, keys }) => ({ code, names: namesOf([], keys) })),
    ...officers.map(({ code, certificate, kid }) => ({ code, names: [certificate, kid] })),
  ];
  return owners.find(({ names }) => names.includes(subject))?.code;
}

function namesOf(certificates: readonly { fingerprint: string }[], keys: readonly { kid: string }[]): string[] {
  return [...certificates.map(({ fingerprint }) => fingerprint), ...keys.map(({ kid }) => kid)];
}
