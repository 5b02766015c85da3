/** What officers are told of agreements that stand, or stood, on the signatures of some of them. */
import { AdminService, type IgnoredRow } from '../../../proto/gen/lienthong/admin/v1/admin_pb.js';
import type { AgreementProblem } from '../../policy/agreements.ts';
import type { CommandContext } from '../cli.ts';
import { fill } from '../problem.ts';
import type { OfficerDesk } from './desk.ts';
import { OFFICER_WORDS } from './words.ts';

const FELL = 'SIGNER_BARRED' satisfies AgreementProblem;

/** What nobody signed for is an alarm; what stood until a signer was barred is work. */
export function ignoredNotes(ignored: readonly Pick<IgnoredRow, 'problem'>[], language: 'en' | 'vi'): string[] {
  const words = OFFICER_WORDS[language];
  const forged = ignored.filter(({ problem }) => problem !== FELL);
  const problems = [...new Set(forged.map(({ problem }) => problem))].join(', ');
  const fallen = ignored.length - forged.length;
  return [
    ...(forged.length === 0 ? [] : [fill(words.ignored, { count: forged.length, problems })]),
    ...(fallen === 0 ? [] : [fill(words.fallen, { count: fallen })]),
  ];
}

/** Says which agreements end with an officer, before that officer is barred. */
export async function tellFalling(
  { progress, settings }: CommandContext,
  { client, signal }: OfficerDesk,
  officer: string,
): Promise<void> {
  const { message } = await client.unary(AdminService.method.listAgreements, {}, { signal });
  const ids = message.agreements.filter(({ standsOn }) => standsOn.includes(officer)).map(({ id }) => id);
  if (ids.length === 0) return;
  progress.note(fill(OFFICER_WORDS[settings.language].falling, { officer, ids: ids.join(', ') }));
}
