/** What a person asks of the register itself, and what officers answer. */
import type { Language } from '../../../connectors/kit/messages.ts';
import { MatterOutcome, MatterReason } from '../../../proto/gen/lienthong/consent/v1/consent_pb.js';

type Text = Readonly<Record<Language, string>>;

export const CLAIMS = {
  vi: {
    register: 'Cơ sở dữ liệu quốc gia về dân cư',
    everything: 'Mọi thông tin đang có về bạn',
    ask: 'Gửi yêu cầu khác',
    provision: 'Xin bản sao thông tin của tôi',
    provisionLead: 'Yêu cầu được xem hoặc nhận bản sao thông tin cơ sở dữ liệu đang có về bạn.',
    provisionEffect: 'Được tiếp nhận ngay và trả lời trong 10 ngày, có thể gia hạn một lần thêm 10 ngày.',
    correction: 'Yêu cầu đính chính',
    correctionLead: 'Chọn thông tin bạn cho là sai.',
    correctionEffect:
      'Không ghi giá trị đúng ở đây: hãy mang giấy tờ chứng minh và mã biên nhận đến Công an xã, phường, đặc khu nơi bạn cư trú. Trả lời trong 10 ngày, có thể gia hạn một lần thêm 10 ngày.',
    deletion: 'Yêu cầu xóa',
    deletionLead: 'Yêu cầu xóa thông tin về bạn. Bạn chọn từng thông tin, hoặc mọi thông tin.',
    deletionEffect:
      'Trả lời trong 20 ngày, có thể gia hạn một lần thêm 20 ngày. Thông tin luật bắt buộc lưu giữ sẽ không bị xóa; khi đó bạn được biết căn cứ.',
    which: 'Thông tin nào?',
    choose: 'Hãy chọn ít nhất một thông tin.',
    read: 'Xem lại yêu cầu',
    confirm: 'Đọc lại rồi gửi: chưa có gì được gửi.',
    change: 'Sửa lựa chọn',
    send: 'Gửi yêu cầu',
    about: 'Thông tin',
    number: 'Mã biên nhận',
    decision: 'Quyết định',
    decidedAt: 'Quyết định lúc',
    extension: 'Gia hạn',
    extendedAt: 'Gia hạn lúc',
    reason: 'Lý do',
    citation: 'Căn cứ',
    longer: 'đã gia hạn, trước {time}',
    received: 'Đã tiếp nhận; một cán bộ sẽ quyết định',
    decided: 'Đã có quyết định',
  },
  en: {
    register: 'The population register',
    everything: 'All that it holds about you',
    ask: 'Ask for something else',
    provision: 'Ask for a copy of my information',
    provisionLead: 'Ask to see, or be given, what the register holds about you.',
    provisionEffect: 'It is taken in at once and answered within 10 days, which can be extended once by 10 more.',
    correction: 'Ask for a correction',
    correctionLead: 'Choose what you think is wrong.',
    correctionEffect:
      'Do not write the right value here: take what proves it, and the number of the receipt, to the commune police. It is answered within 10 days, which can be extended once by 10 more.',
    deletion: 'Ask for deletion',
    deletionLead: 'Ask for information about you to be deleted. You choose single items, or all of it.',
    deletionEffect:
      'It is answered within 20 days, which can be extended once by 20 more. What a law says must be kept is not deleted; you are then told which law.',
    which: 'Which information?',
    choose: 'Choose at least one item of information.',
    read: 'Read the request',
    confirm: 'Read it, then send it: nothing has been sent.',
    change: 'Change my choice',
    send: 'Send the request',
    about: 'Information',
    number: 'Number of the receipt',
    decision: 'Decision',
    decidedAt: 'Decided at',
    extension: 'Extension',
    extendedAt: 'Extended at',
    reason: 'Reason',
    citation: 'Rule',
    longer: 'extended, due before {time}',
    received: 'Taken in; an officer will decide',
    decided: 'Decided',
  },
} as const;

export const OUTCOMES: Readonly<Record<MatterOutcome, Text>> = {
  [MatterOutcome.UNSPECIFIED]: { vi: '', en: '' },
  [MatterOutcome.UPHELD]: {
    vi: 'Chấp nhận: việc dựa trên sự đồng ý của bạn dừng hẳn cho tới khi bạn bỏ phản đối',
    en: 'Upheld: what stands on your consent stays stopped until you lift the objection',
  },
  [MatterOutcome.REJECTED]: {
    vi: 'Không chấp nhận: việc theo luật định tiếp tục; việc dựa trên sự đồng ý vẫn dừng cho tới khi bạn bỏ phản đối',
    en: 'Rejected: what stands on the law goes on; what stands on your consent stays stopped until you lift the objection',
  },
  [MatterOutcome.CARRIED_OUT]: { vi: 'Đã thực hiện', en: 'Carried out' },
  [MatterOutcome.REFUSED]: { vi: 'Từ chối', en: 'Refused' },
};

export const REASONS: Readonly<Record<MatterReason, Text>> = {
  [MatterReason.UNSPECIFIED]: { vi: '', en: '' },
  [MatterReason.GROUNDS_HOLD]: { vi: 'Lý do của bạn có căn cứ', en: 'What you said against it holds' },
  [MatterReason.CONSENT_ONLY]: {
    vi: 'Việc này chỉ dựa trên sự đồng ý của bạn',
    en: 'This stands on your consent alone',
  },
  [MatterReason.STATUTORY_DUTY]: {
    vi: 'Cơ quan nhà nước phải làm theo nhiệm vụ luật định',
    en: 'A state agency must do it as its duty by law',
  },
  [MatterReason.EMERGENCY_OR_SECURITY]: {
    vi: 'Cần để bảo vệ tính mạng, ứng phó khẩn cấp, an ninh hoặc chống tội phạm',
    en: 'Protection of life, an emergency, security or crime needs it',
  },
  [MatterReason.PERSONS_AGREEMENT]: {
    vi: 'Cần để thực hiện thỏa thuận của bạn',
    en: 'An agreement that you made needs it',
  },
  [MatterReason.USE_NOT_MADE]: { vi: 'Không có việc sử dụng như vậy', en: 'There is no such use' },
  [MatterReason.AS_ASKED]: { vi: 'Đúng như bạn yêu cầu', en: 'As you asked' },
  [MatterReason.IN_PART]: { vi: 'Thực hiện một phần', en: 'In part' },
  [MatterReason.NOT_HELD]: { vi: 'Cơ sở dữ liệu không có thông tin đó', en: 'The register holds nothing of the kind' },
  [MatterReason.NOT_PROVEN]: { vi: 'Giấy tờ chưa chứng minh được', en: 'What was shown does not prove it' },
  [MatterReason.KEPT_BY_LAW]: { vi: 'Luật quy định phải lưu giữ', en: 'A law says that it is kept' },
  [MatterReason.RIGHTS_OF_OTHERS]: {
    vi: 'Ảnh hưởng đến quyền của người khác',
    en: 'It would harm the rights of others',
  },
  [MatterReason.COMPLEX]: { vi: 'Vụ việc phức tạp', en: 'It is complicated' },
  [MatterReason.MANY_REQUESTS]: { vi: 'Bạn có nhiều yêu cầu cùng lúc', en: 'You have many requests at the same time' },
  [MatterReason.PROOF_AWAITED]: { vi: 'Đang chờ giấy tờ của bạn', en: 'Proof is awaited from you' },
  [MatterReason.OTHER_BODY_ASKED]: { vi: 'Đã hỏi cơ quan khác', en: 'Another body was asked' },
};
