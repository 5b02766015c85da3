import type { NothingCarried, SinceTerms } from '../../../connectors/kit/carry-run.ts';
import { CARRY_SECONDS, findEarlier, foldersOf } from '../../../connectors/kit/earlier-results.ts';
import type { Language } from '../../../connectors/kit/messages.ts';
import type { ForetoldCarry } from '../../../connectors/telco/dry-run-carry.ts';
import type { SinceSummary } from '../../../connectors/telco/verify.ts';
import { localTimeOf } from '../local-time.ts';
import { count } from '../numbers.ts';
import { CliProblem, fill } from '../problem.ts';
import { parseVerdicts } from './telco-verdicts.ts';

export interface SinceOptions {
  readonly changedSince?: string;
  readonly carryAtMost?: string;
  readonly askAgain?: string;
}

/** Only where earlier results are named do the other options mean anything. Throws CliProblem OPTION_WRONG, KitError. */
export async function sinceOf(
  options: SinceOptions,
  { out, file }: { readonly out: string; readonly file: string },
): Promise<SinceTerms | undefined> {
  const { changedSince, carryAtMost, askAgain } = options;
  if (changedSince === undefined) {
    const alone = carryAtMost !== undefined ? '--carry-at-most' : askAgain !== undefined ? '--ask-again' : undefined;
    if (alone !== undefined)
      throw new CliProblem('OPTION_WRONG', { option: alone, wanted: 'usedWith', other: '--changed-since' });
    return undefined;
  }
  const mostSeconds = carryAtMost === undefined ? CARRY_SECONDS : secondsOf(carryAtMost);
  const verdicts = parseVerdicts('--ask-again', askAgain);
  const folders = foldersOf(out, file === '-' ? undefined : file);
  return { results: await findEarlier(changedSince, out, folders), mostSeconds, askAgain: verdicts };
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600 };

function secondsOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (number === '') throw new CliProblem('OPTION_WRONG', { option: '--carry-at-most', wanted: 'daysOrHours' });
  return seconds;
}

const WORDS = {
  en: {
    asked: '{asked} rows were asked about; {carried} are the same as in job {job} and were carried from there.',
    oldest: 'The oldest answer carried is of the register of {time}.',
    nothing: 'Nothing was carried: {why}, so that every row was asked again.',
    would: '{carried} others are the same as in job {job} and would be carried from there.',
    ahead: '! Nothing can be carried: {why}. Every row is asked again.',
    why: {
      TERMS: 'job {job} asked under other terms (purpose, office, or how the file is read)',
      PROFILE: 'job {job} was answered by another version of the matching profile',
      AGREEMENT: 'job {job} was answered under another version of the agreement',
    },
    gone: '{gone} rows of the earlier file are not in this one as they were: at least {least} were taken out, the others may be among those that were asked about.',
    changed: '{gone} rows of the earlier file are not in this one as they were: taken out, or changed and asked about.',
    keep: 'Keep {files} and its receipt in the folder of the new results: they prove the rows that were carried.',
  },
  vi: {
    asked: 'Đã hỏi {asked} dòng; {carried} dòng giống công việc {job} và được giữ lại từ đó.',
    oldest: 'Câu trả lời cũ nhất được giữ lại theo dữ liệu lúc {time}.',
    nothing: 'Không giữ lại dòng nào: {why}, nên mọi dòng đều được hỏi lại.',
    would: '{carried} dòng khác giống công việc {job} và sẽ được giữ lại từ đó.',
    ahead: '! Không giữ lại được dòng nào: {why}. Mọi dòng sẽ được hỏi lại.',
    why: {
      TERMS: 'công việc {job} hỏi theo điều kiện khác (mục đích, đơn vị, hoặc cách đọc tệp)',
      PROFILE: 'công việc {job} được trả lời theo phiên bản khác của bộ quy tắc đối chiếu',
      AGREEMENT: 'công việc {job} được trả lời theo phiên bản khác của thỏa thuận',
    },
    gone: '{gone} dòng của tệp trước không còn nguyên trong tệp này: ít nhất {least} dòng đã bị bỏ, các dòng khác có thể nằm trong số đã hỏi.',
    changed: '{gone} dòng của tệp trước không còn nguyên trong tệp này: đã bị bỏ, hoặc đã sửa và được hỏi lại.',
    keep: 'Hãy giữ {files} và biên nhận của nó trong thư mục của kết quả mới: chúng chứng minh các dòng được giữ lại.',
  },
} as const;

/** Before the first row is asked about: why none of them can be carried. */
export function nothingCarriedLine(why: NothingCarried, job: string, language: Language): string {
  const words = WORDS[language];
  return fill(words.ahead, { why: fill(words.why[why], { job }) });
}

/** What a run would carry, in words. */
export function foretoldLines(since: ForetoldCarry | undefined, language: Language): string[] {
  if (since === undefined) return [];
  const { nothingBecause: why, jobId: job, carried } = since;
  if (why !== undefined) return [nothingCarriedLine(why, job, language)];
  return [fill(WORDS[language].would, { carried: count(carried, language), job })];
}

/** Which rows were asked about and which not, in words. */
export function sinceLines(since: SinceSummary | undefined, earlier: string | undefined, language: Language): string[] {
  if (since === undefined) return [];
  const words = WORDS[language];
  const { asked, carried, jobId: job } = since;
  const why = carried.nothingBecause;
  if (why !== undefined) return [fill(words.nothing, { why: fill(words.why[why], { job }) })];
  const lines = [
    fill(words.asked, { asked: count(asked.rows, language), carried: count(carried.rows, language), job }),
  ];
  const { gone = 0 } = since;
  // As many as were asked about may be the same rows, changed.
  const least = Math.max(0, gone - asked.rows);
  if (gone > 0)
    lines.push(
      fill(least > 0 ? words.gone : words.changed, { gone: count(gone, language), least: count(least, language) }),
    );
  if (carried.rows === 0) return lines;
  lines.push(fill(words.oldest, { time: localTimeOf(carried.oldest) }));
  if (earlier !== undefined) lines.push(fill(words.keep, { files: earlier }));
  return lines;
}
