import { ENCODINGS, type Encoding } from '../../connectors/kit/decode/encodings.ts';
import type { SentProfile } from '../../connectors/kit/learn/finding.ts';
import { sentProfile } from '../../connectors/kit/learn/finding.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import type { VerifySummary } from '../../connectors/telco/verify.ts';
import { count, percent } from './numbers.ts';

/** What is known of a file, in words: for whoever has to see that it was read as it was meant. */
const WORDS = {
  en: {
    encoding: 'Read as {encoding}.',
    monthFirst: 'Month before day in its dates.',
    newYear: '1 January stands for unknown day.',
    width: 'Names are cut at {n} characters.',
    days: 'Day numbers count from 1904.',
    few: 'Only {share} of its words with marks read as Vietnamese so: check, or say the encoding (--encoding).',
    unreadable: '{n} places cannot be read so, the first in line {line}; each became \ufffd.',
  },
  vi: {
    encoding: 'Đọc theo bảng mã {encoding}.',
    monthFirst: 'Ngày tháng trong tệp ghi tháng trước ngày.',
    newYear: 'Ngày 1 tháng 1 nghĩa là không rõ ngày.',
    width: 'Họ tên bị cắt ở {n} ký tự.',
    days: 'Số ngày tính từ năm 1904.',
    few: 'Chỉ {share} số từ có dấu đọc ra tiếng Việt: hãy kiểm tra, hoặc cho biết bảng mã (--encoding).',
    unreadable: '{n} chỗ không đọc được, chỗ đầu ở dòng {line}; mỗi chỗ thay bằng \ufffd.',
  },
} as const;

/** Of a hundred words with marks that many are syllables where the encoding is the right one, names of all peoples included. */
const USUAL_FIT = 0.9;

/** One line: the encoding always, of the habits those that there are. */
export function profileLine(
  profile: Omit<SentProfile, 'encoding'> & { readonly encoding: string },
  language: Language,
): string {
  const words = WORDS[language];
  const { encoding } = profile;
  const name = Object.hasOwn(ENCODINGS, encoding) ? ENCODINGS[encoding as Encoding] : encoding;
  return [
    ...(name === '' ? [] : [words.encoding.replace('{encoding}', name)]),
    ...(profile.dateOrder === 'month-first' ? [words.monthFirst] : []),
    ...(profile.nameWidth > 0 ? [words.width.replace('{n}', String(profile.nameWidth))] : []),
    ...(profile.newYearMeansUnknown ? [words.newYear] : []),
    ...(profile.daysFrom1904 ? [words.days] : []),
  ].join(' ');
}

/** What was learnt of a file, and what is doubtful of it. */
export function fileLines(
  { learnt, unreadable }: Pick<VerifySummary, 'learnt' | 'unreadable'>,
  language: Language,
): string[] {
  const words = WORDS[language];
  const { words: looked = 0, fitting = 0 } = learnt.encoding.evidence;
  const lines = [profileLine(sentProfile(learnt), language)];
  if (fitting > 0 && fitting < looked * USUAL_FIT)
    lines.push(words.few.replace('{share}', percent(fitting, looked, language)));
  if (unreadable.count > 0) {
    lines.push(
      words.unreadable
        .replace('{n}', count(unreadable.count, language))
        .replace('{line}', count(unreadable.line, language)),
    );
  }
  return lines;
}
