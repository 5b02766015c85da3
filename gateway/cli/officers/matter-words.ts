/** What the commands about persons' matters say. */
import {
  ClockKind,
  MatterKind,
  MatterOutcome,
  MatterReason,
} from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';

type Text = { readonly en: string; readonly vi: string };

export const MATTER_WORDS = {
  en: {
    matters: ['Matter', 'What', 'Against or about', 'Recorded', 'Due before', 'State'],
    all: 'all that the register holds',
    lifted: 'lifted by the person',
    extended: 'extended: {reason}',
    open: 'waits',
    late: 'overdue',
    decided: 'Decided: {what} {id}: {outcome}, {reason}. The person sees it from now on.',
    extension: 'Extended: {what} {id}, until {until}. The person sees it from now on.',
  },
  vi: {
    matters: ['Yêu cầu', 'Việc', 'Đối với hoặc về', 'Ghi nhận', 'Hạn trước', 'Trạng thái'],
    all: 'mọi thông tin CSDL dân cư đang có',
    lifted: 'công dân đã bỏ',
    extended: 'đã gia hạn: {reason}',
    open: 'đang chờ',
    late: 'quá hạn',
    decided: 'Đã quyết định: {what} {id}: {outcome}, {reason}. Công dân thấy ngay.',
    extension: 'Đã gia hạn: {what} {id}, đến {until}. Công dân thấy ngay.',
  },
} as const;

export const KIND_WORDS: Readonly<Partial<Record<MatterKind, Text>>> = {
  [MatterKind.OBJECTION]: { en: 'objection', vi: 'phản đối' },
  [MatterKind.PROVISION]: { en: 'copy', vi: 'cung cấp' },
  [MatterKind.CORRECTION]: { en: 'correction', vi: 'đính chính' },
  [MatterKind.DELETION]: { en: 'deletion', vi: 'xóa' },
};

export const OUTCOME_WORDS: Readonly<Record<MatterOutcome, Text>> = {
  [MatterOutcome.UNSPECIFIED]: { en: '–', vi: '–' },
  [MatterOutcome.UPHELD]: { en: 'upheld', vi: 'chấp nhận' },
  [MatterOutcome.REJECTED]: { en: 'rejected', vi: 'không chấp nhận' },
  [MatterOutcome.CARRIED_OUT]: { en: 'carried out', vi: 'đã thực hiện' },
  [MatterOutcome.REFUSED]: { en: 'refused', vi: 'từ chối' },
};

export const REASON_WORDS: Readonly<Record<MatterReason, Text>> = {
  [MatterReason.UNSPECIFIED]: { en: '–', vi: '–' },
  [MatterReason.GROUNDS_HOLD]: { en: 'the grounds hold', vi: 'lý do có căn cứ' },
  [MatterReason.CONSENT_ONLY]: { en: 'it stood on consent alone', vi: 'chỉ dựa trên sự đồng ý' },
  [MatterReason.STATUTORY_DUTY]: { en: 'a duty by law', vi: 'nhiệm vụ luật định' },
  [MatterReason.EMERGENCY_OR_SECURITY]: { en: 'emergency, security or crime', vi: 'khẩn cấp, an ninh hoặc tội phạm' },
  [MatterReason.PERSONS_AGREEMENT]: { en: 'an agreement with the person', vi: 'thỏa thuận với công dân' },
  [MatterReason.USE_NOT_MADE]: { en: 'there is no such use', vi: 'không có việc sử dụng đó' },
  [MatterReason.AS_ASKED]: { en: 'as it was asked', vi: 'đúng như yêu cầu' },
  [MatterReason.IN_PART]: { en: 'in part', vi: 'một phần' },
  [MatterReason.NOT_HELD]: { en: 'nothing of the kind is held', vi: 'không có thông tin đó' },
  [MatterReason.NOT_PROVEN]: { en: 'it was not proven', vi: 'giấy tờ không chứng minh được' },
  [MatterReason.KEPT_BY_LAW]: { en: 'a law says that it is kept', vi: 'luật quy định phải lưu giữ' },
  [MatterReason.RIGHTS_OF_OTHERS]: { en: 'the rights of others', vi: 'quyền của người khác' },
  [MatterReason.COMPLEX]: { en: 'it is complicated', vi: 'vụ việc phức tạp' },
  [MatterReason.MANY_REQUESTS]: { en: 'many requests at once', vi: 'nhiều yêu cầu cùng lúc' },
  [MatterReason.PROOF_AWAITED]: { en: 'proof is awaited', vi: 'chờ giấy tờ chứng minh' },
  [MatterReason.OTHER_BODY_ASKED]: { en: 'another body was asked', vi: 'đã hỏi cơ quan khác' },
};

/** The clock that an officer's decision meets. */
export const isDecisionClock = (kind: ClockKind): boolean => kind !== ClockKind.ACKNOWLEDGE;
