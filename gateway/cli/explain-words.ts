/** What `explain` says: the policy's closed reasons in words. */
import type { Language } from '../../connectors/kit/messages.ts';

export const REASON_WORDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  OK: { en: 'granted', vi: 'được phép' },
  REQUEST_INVALID: { en: 'Such a request cannot be judged.', vi: 'Không xét được yêu cầu như vậy.' },
  AGENCY_NOT_ACTIVE: { en: 'The agency is barred.', vi: 'Cơ quan đang bị chặn.' },
  LEGAL_ENTITY_MISMATCH: {
    en: 'The certificate is of another legal entity.',
    vi: 'Chứng thư thuộc pháp nhân khác.',
  },
  NO_AGREEMENT: { en: 'There is no agreement for this purpose.', vi: 'Chưa có thỏa thuận cho mục đích này.' },
  AGREEMENT_NOT_IN_FORCE: {
    en: 'The agreement is not in force: it has not begun, or has ended.',
    vi: 'Thỏa thuận chưa có hoặc không còn hiệu lực.',
  },
  METHOD_NOT_AGREED: { en: 'The agreement does not cover this call.', vi: 'Thỏa thuận không có lời gọi này.' },
  CONTEXT_MISSING: {
    en: 'Something that the agreement demands of the context is missing.',
    vi: 'Thiếu thông tin mà thỏa thuận yêu cầu.',
  },
  FIELD_NOT_GRANTED: { en: 'None of these fields is granted.', vi: 'Không trường nào trong số này được phép.' },
  POLICY_UNAVAILABLE: { en: 'The policy cannot be asked now.', vi: 'Hiện chưa hỏi được chính sách.' },
  FIELD_UNKNOWN: { en: 'not in the vocabulary', vi: 'không có trong danh mục trường' },
  FIELD_NOT_IN_AGREEMENT: { en: 'not in the agreement', vi: 'không có trong thỏa thuận' },
  USE_NOT_IN_AGREEMENT: {
    en: 'the other use is not in the agreement',
    vi: 'cách dùng còn lại không có trong thỏa thuận',
  },
};

export const EXPLAIN_WORDS = {
  en: {
    head: 'Agreement {agreement}, purpose {purpose}, by {citation}',
    columns: ['Field', 'Compare', 'Read', 'Why'],
    demands: 'Every request must name: {demands}.',
    grants: 'Also granted: {grants}. Rows are matched: {strictness}.',
    purposes: 'Purposes that are agreed: {purposes}.',
    request: 'To ask the operator for, in "fields" of the next version (name the article that it stands on):',
    bases: { statute: 'statute:', consent: 'with consent:', agreement: 'agreement:', emergency: 'emergency:' },
  },
  vi: {
    head: 'Thỏa thuận {agreement}, mục đích {purpose}, căn cứ {citation}',
    columns: ['Trường', 'Đối chiếu', 'Đọc', 'Lý do'],
    demands: 'Mỗi yêu cầu phải nêu: {demands}.',
    grants: 'Được cấp thêm: {grants}. Mức đối chiếu: {strictness}.',
    purposes: 'Các mục đích đã thỏa thuận: {purposes}.',
    request: 'Đề nghị đơn vị vận hành bổ sung vào "fields" của phiên bản sau (nêu điều luật làm căn cứ):',
    bases: { statute: 'theo luật:', consent: 'có sự đồng ý:', agreement: 'theo thỏa thuận:', emergency: 'khẩn cấp:' },
  },
} as const;
