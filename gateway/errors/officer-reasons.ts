/** Why what an officer asks for is refused; rows of `CATALOGUE`. */
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { ReasonRow } from './catalogue.ts';

export const OFFICER_REASONS = {
  [ErrorReason.ROLE_MISSING]: {
    code: 'PERMISSION_DENIED',
    en: 'The caller is no officer of the register, or lacks the role that this takes.',
    nextEn: 'Have an officer with that role do it; two officers can change roles.',
    vi: 'Người gọi không phải cán bộ của CSDL dân cư, hoặc không có vai trò cần thiết.',
    nextVi: 'Đề nghị cán bộ có vai trò đó thực hiện; việc đổi vai trò cần hai cán bộ.',
    example: 'Approve by an officer who is only a proposer',
  },
  [ErrorReason.OFFICER_NOT_INDEPENDENT]: {
    code: 'PERMISSION_DENIED',
    en: 'It takes another officer, independent of the first.',
    nextEn: 'Have an officer approve who neither proposed it nor created or re-keyed the proposer within 30 days.',
    vi: 'Cần một cán bộ khác, độc lập với người đề xuất.',
    nextVi: 'Người phê duyệt không được là người đề xuất, cũng không tạo hoặc đổi khóa cho người đó trong 30 ngày qua.',
    example: 'an officer approves their own proposal',
  },
  [ErrorReason.SECOND_OFFICER_NEEDED]: {
    code: 'FAILED_PRECONDITION',
    en: 'It takes two officers: one has barred as much as one may within an hour, or too few others would be left.',
    nextEn: 'Propose it (the same command with --propose), and have a second officer approve.',
    vi: 'Cần hai cán bộ: một người đã chặn đủ số lần trong một giờ, hoặc sau đó không còn đủ cán bộ khác.',
    nextVi: 'Hãy đề xuất (cùng lệnh, thêm --propose) và nhờ cán bộ thứ hai phê duyệt.',
    example: 'the sixth bar within an hour',
  },
  [ErrorReason.PROPOSAL_UNKNOWN]: {
    code: 'NOT_FOUND',
    en: 'There is no such proposal.',
    nextEn: 'Take the digest from the list of proposals.',
    vi: 'Không có đề xuất này.',
    nextVi: 'Lấy mã băm trong danh sách đề xuất.',
    example: 'Approve with a digest that nobody proposed',
  },
  [ErrorReason.PROPOSAL_STATE]: {
    code: 'FAILED_PRECONDITION',
    en: 'The proposal is decided or expired, or the same was proposed before.',
    nextEn: 'Look at it in the list of proposals; make a new one where it is still wanted.',
    vi: 'Đề xuất đã được quyết định, đã hết hạn, hoặc đã được đưa ra trước đó.',
    nextVi: 'Xem trong danh sách đề xuất; nếu vẫn cần, hãy lập đề xuất mới.',
    example: 'an approval sent twice',
  },
  [ErrorReason.PROPOSAL_WRONG]: {
    code: 'INVALID_ARGUMENT',
    en: 'What is proposed may not stand so.',
    nextEn: 'Have it proposed anew with the members named in the details corrected.',
    vi: 'Nội dung đề xuất không hợp lệ.',
    nextVi: 'Cần đề xuất lại sau khi sửa các mục nêu trong phần chi tiết.',
    example: 'an agreement whose version is not above the one in force',
  },
  [ErrorReason.OFFICER_SIGNATURE_WRONG]: {
    code: 'INVALID_ARGUMENT',
    en: "The officer's signature is not over exactly these bytes.",
    nextEn: 'Sign the digest of the very bytes that are proposed, with the key that the officer has now.',
    vi: 'Chữ ký của cán bộ không ký đúng các byte này.',
    nextVi: 'Ký mã băm của đúng các byte được đề xuất, bằng khóa hiện hành của cán bộ.',
    example: 'an approval of another digest',
  },
  [ErrorReason.MATTER_UNKNOWN]: {
    code: 'NOT_FOUND',
    en: 'There is no such matter of a person.',
    nextEn: 'Take its id from the list of matters, or from the receipt.',
    vi: 'Không có yêu cầu nào của công dân mang mã này.',
    nextVi: 'Lấy mã trong danh sách yêu cầu hoặc trên biên nhận.',
    example: 'the id of a receipt of another deployment',
  },
  [ErrorReason.MATTER_STATE]: {
    code: 'FAILED_PRECONDITION',
    en: 'The matter is not one that officers decide, is decided or lifted, or its period can be extended no more.',
    nextEn: 'Look at it in the list of matters. A period is extended once, before its first end.',
    vi: 'Yêu cầu không thuộc loại cán bộ quyết định, đã được quyết định, đã được bỏ, hoặc không gia hạn được nữa.',
    nextVi: 'Xem trong danh sách yêu cầu. Mỗi thời hạn chỉ gia hạn một lần, trước khi hết hạn lần đầu.',
    example: 'an objection decided twice',
  },
} as const satisfies Readonly<Partial<Record<ErrorReason, ReasonRow>>>;
