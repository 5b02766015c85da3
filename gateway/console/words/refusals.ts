import type { Language } from '../../../connectors/kit/messages.ts';
import type { GatewayError } from '../../../connectors/kit/refusal.ts';
import { ErrorReason } from '../../../proto/gen/lienthong/error/v1/error_pb.js';

type Text = Readonly<Record<Language, string>>;

const SIGN_AGAIN: Text = {
  vi: 'Xác nhận danh tính hoặc chữ ký của bạn đã quá hạn hoặc không khớp. Hãy đăng xuất, đăng nhập rồi làm lại.',
  en: 'The confirmation of who you are, or your signature, is over or does not fit. Sign out, sign in and do it again.',
};

/**
 * What a refusal means to the person at the page. The gateway's own sentences are for agencies, who are told to correct a field or to
 * ask the person; they stand for the reasons that are not here.
 */
export const REFUSALS: Readonly<Partial<Record<ErrorReason, Text>>> = {
  [ErrorReason.ASSERTION_INVALID]: SIGN_AGAIN,
  [ErrorReason.ASSERTION_EXPIRED]: SIGN_AGAIN,
  [ErrorReason.PERSON_PROOF_WRONG]: SIGN_AGAIN,
  [ErrorReason.NOT_REPRESENTED]: {
    vi: 'Hệ thống định danh điện tử không ghi nhận bạn là người đại diện của người này.',
    en: 'The electronic identity does not know you as the representative of this person.',
  },
  [ErrorReason.SECOND_ACT_NEEDED]: {
    vi: 'Trẻ từ đủ 7 tuổi phải cùng đồng ý. Hãy mở lại đường dẫn xin đồng ý và để trẻ đăng nhập.',
    en: 'A child of 7 or older has to agree as well. Open the link that asks for consent again and let the child sign in.',
  },
  [ErrorReason.ASSURANCE_TOO_LOW]: {
    vi: 'Việc này cần tài khoản định danh điện tử mức độ 2.',
    en: 'This takes an electronic identity of level 2.',
  },
  [ErrorReason.CONSENT_INVALID]: {
    vi: 'Bản đồng ý không được cổng chấp nhận. Hãy mở lại đường dẫn xin đồng ý và làm lại.',
    en: 'The gateway does not take this consent. Open the link that asks for it again and begin anew.',
  },
  [ErrorReason.CONSENT_NOT_AGREED]: {
    vi: 'Bên yêu cầu không có thỏa thuận được dùng thông tin của bạn cho mục đích này. Bạn không cần làm gì.',
    en: 'Who asks has no agreement to use your information for this purpose. You need do nothing.',
  },
  [ErrorReason.CONSENT_FIELDS_NOT_AGREED]: {
    vi: 'Bên yêu cầu không được phép dùng hết những thông tin bạn đã chọn. Hãy chọn ít hơn, hoặc hỏi lại nơi đã gửi đường dẫn.',
    en: 'Who asks may not use all the information that you chose. Choose less, or ask whoever sent you the link.',
  },
  [ErrorReason.CONSENT_OPEN_ENDED]: {
    vi: 'Thời hạn của sự đồng ý đã qua hoặc quá dài. Hãy mở lại đường dẫn xin đồng ý.',
    en: 'The time of this consent is over, or too long. Open the link that asks for it again.',
  },
  [ErrorReason.CONSENT_USED]: {
    vi: 'Sự đồng ý này đã được ghi nhận trước đó. Hãy xem Sự đồng ý của tôi.',
    en: 'This consent was recorded before. See My consents.',
  },
  [ErrorReason.CONSENT_WITHDRAWN]: {
    vi: 'Bạn đã rút lại sau khi lập sự đồng ý này nên nó không có giá trị. Muốn đồng ý lại, hãy mở lại đường dẫn.',
    en: 'You withdrew after this consent was made, so it does not count. To agree again, open the link again.',
  },
  [ErrorReason.CONSENT_UNKNOWN]: {
    vi: 'Không tìm thấy sự đồng ý hoặc biên nhận này trong danh sách của người đang xem.',
    en: 'This consent or receipt is not in the list of the person whom the pages are about.',
  },
  [ErrorReason.NOTHING_TO_WITHDRAW]: {
    vi: 'Không có sự đồng ý nào còn hiệu lực để làm việc này: có thể bạn đã rút lại, hoặc sự đồng ý đã hết hạn.',
    en: 'There is no consent that this could be done to: you may have withdrawn it already, or it has ended.',
  },
  [ErrorReason.LIMITED]: {
    vi: 'Trang đang có quá nhiều yêu cầu. Hãy thử lại sau ít phút.',
    en: 'This page has too many requests at the moment. Try again in a few minutes.',
  },
};

const TOO_MANY: Text = {
  vi: 'Bạn đã gửi nhiều yêu cầu trong hôm nay, có nhiều yêu cầu đang chờ cán bộ hoặc có nhiều sự đồng ý còn hiệu lực. Yêu cầu này chưa được ghi nhận. Bạn vẫn rút lại được sự đồng ý.',
  en: 'You have sent many requests today, many are waiting for an officer, or many of your consents are in force. This one was not recorded. You can still withdraw a consent.',
};

type Refusal = Pick<NonNullable<GatewayError['refusal']>, 'reason' | 'limits'>;

/** What a person is told of a refusal; undefined where the gateway's own sentence says it. */
export function toldOf({ reason, limits }: Refusal, language: Language): string | undefined {
  if (limits.includes('MATTERS')) return TOO_MANY[language];
  return REFUSALS[reason]?.[language];
}
