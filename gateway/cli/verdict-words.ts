import type { Action } from '../../connectors/kit/result-lines.ts';
import type { Notice, Verdict } from '../matching/verdicts.ts';

type Words = { readonly en: string; readonly vi: string };

/** What each verdict means to somebody who sees it for the first time. */
export const VERDICT_WORDS: Readonly<Record<Verdict, Words>> = {
  VERIFIED: {
    en: 'Number, name and birth date are one person (khớp)',
    vi: 'Số, họ tên và ngày sinh khớp cùng một người',
  },
  PROBABLE: {
    en: 'Probably the same person; the reasons say what differs',
    vi: 'Có khả năng là cùng một người; xem lý do để biết điểm khác',
  },
  MISMATCH: {
    en: 'The number belongs to somebody with another name or date (không khớp)',
    vi: 'Số thuộc về người có họ tên hoặc ngày sinh khác',
  },
  NOT_FOUND: { en: 'Nobody in the register has this number', vi: 'Không có ai trong CSDL dân cư mang số này' },
  AMBIGUOUS: {
    en: 'Several people fit and nothing tells them apart',
    vi: 'Nhiều người cùng phù hợp, không phân biệt được',
  },
  INVALID: { en: 'The row cannot be read; the reason names the cell', vi: 'Không đọc được dòng; lý do nêu rõ ô nào' },
  NOT_PERMITTED: { en: 'The agreement does not allow this row', vi: 'Thỏa thuận không cho phép dòng này' },
  CONSENT_MISSING: { en: 'Needs a consent that is not there', vi: 'Cần sự đồng ý của công dân nhưng chưa có' },
  LIMITED: { en: 'A quota or rate was used up', vi: 'Đã hết hạn mức' },
  NOT_CONFIRMED: { en: 'Not confirmed; why is not told to this caller', vi: 'Không xác nhận được; không nêu lý do' },
};

/** What an action asks the telco to do. */
export const ACTION_WORDS: Readonly<Record<Action, Words>> = {
  KEEP: { en: 'keep the subscription', vi: 'giữ nguyên thuê bao' },
  STOP: { en: 'stop it: the holder has died', vi: 'ngừng cung cấp dịch vụ: chủ thuê bao đã chết' },
  UPDATE_ID: { en: 'keep, and store the current ID', vi: 'giữ, cập nhật số định danh mới' },
  REVIEW: { en: 'have a person look at it', vi: 'cần cán bộ xem lại' },
  CONTACT: { en: 'ask the subscriber to come with the ID card', vi: 'mời chủ thuê bao đến, mang theo thẻ căn cước' },
};

export const NOTICE_WORDS: Readonly<Record<Notice, Words>> = {
  DECEASED: { en: 'the person has died', vi: 'người này đã chết' },
  ID_SUPERSEDED: { en: 'the number was replaced by another', vi: 'số đã được thay bằng số khác' },
  MISSING: { en: 'the person is declared missing', vi: 'người này được tuyên bố mất tích' },
  UNDER_INVESTIGATION: { en: 'a value is under investigation', vi: 'có thông tin đang được xác minh' },
};

/** Verdicts whose action is always the same; that of VERIFIED follows its notices. */
export const USUAL_ACTION: Readonly<Record<Verdict, Action>> = {
  VERIFIED: 'KEEP',
  PROBABLE: 'REVIEW',
  MISMATCH: 'CONTACT',
  NOT_FOUND: 'CONTACT',
  AMBIGUOUS: 'REVIEW',
  INVALID: 'CONTACT',
  NOT_PERMITTED: 'REVIEW',
  CONSENT_MISSING: 'CONTACT',
  LIMITED: 'REVIEW',
  NOT_CONFIRMED: 'CONTACT',
};
