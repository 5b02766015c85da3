import type { EndingKind, EndingSoon } from '../../connectors/kit/endings.ts';
import type { Language } from '../../connectors/kit/messages.ts';
import { localTime } from './local-time.ts';
import { fill } from './problem.ts';

/** What of the agency's own ends soon, and what to do about it. */
const WORDS: Readonly<Record<EndingKind, Readonly<Record<Language, string>>>> = {
  certificate: {
    en: '! The certificate of this profile ends on {time} (within {days} days). Have the next one issued now, and added by the operator: both are good until then.',
    vi: '! Chứng thư của hồ sơ này hết hạn lúc {time} (trong vòng {days} ngày). Hãy xin cấp chứng thư kế tiếp và đề nghị đơn vị vận hành thêm vào ngay: từ nay tới đó cả hai đều dùng được.',
  },
  signing_key: {
    en: '! The signing key {subject} ends on {time} (within {days} days). Make the next one with "lienthong enroll request" in another folder, and hand over its request.',
    vi: '! Khóa ký {subject} hết hạn lúc {time} (trong vòng {days} ngày). Hãy tạo khóa kế tiếp bằng "lienthong enroll request" trong thư mục khác và giao nộp tệp yêu cầu.',
  },
  agreement: {
    en: '! The agreement {subject} ends on {time} (within {days} days). Ask the operator for its next version: without one every call under it is refused from then on.',
    vi: '! Thỏa thuận {subject} hết hạn lúc {time} (trong vòng {days} ngày). Hãy đề nghị đơn vị vận hành ký phiên bản kế tiếp: nếu không, từ lúc đó mọi lời gọi theo thỏa thuận này bị từ chối.',
  },
  raised_limit: {
    en: '! The raised limit {subject} falls back on {time} (within {days} days). What is to last longer, ask the operator for before then; "lienthong quota show" tells what the agreement says.',
    vi: '! Hạn mức được nâng {subject} trở lại mức cũ lúc {time} (trong vòng {days} ngày). Nếu còn cần, hãy đề nghị đơn vị vận hành gia hạn trước lúc đó; "lienthong quota show" cho biết mức trong thỏa thuận.',
  },
};

/** One line for each, the first to end first. */
export function endingLines(endings: readonly EndingSoon[], language: Language): string[] {
  return endings.map(({ what, subject, until, withinDays }) =>
    fill(WORDS[what][language], { subject, time: localTime(until), days: withinDays }),
  );
}
