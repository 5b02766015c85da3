import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import type { GrpcCodeName } from './codes.ts';
import { CONSENT_REASONS } from './consent-reasons.ts';
import { OFFICER_REASONS } from './officer-reasons.ts';

/** The reasons that are ever sent. */
export type SentReason = Exclude<ErrorReason, ErrorReason.UNSPECIFIED>;

export interface ReasonRow {
  readonly code: GrpcCodeName;
  /** What happened, one sentence. Never completed with a value: the sentences are all that people see. */
  readonly en: string;
  readonly vi: string;
  /** What to do next. */
  readonly nextEn: string;
  readonly nextVi: string;
  /** A case in which it is sent, for the page. */
  readonly example: string;
}

/** Every reason with its code and sentences. A reason that the proto adds does not compile until it has a row. */
export const CATALOGUE: Readonly<Record<SentReason, ReasonRow>> = {
  [ErrorReason.CERTIFICATE_UNKNOWN]: {
    code: 'UNAUTHENTICATED',
    en: 'The client certificate names no agency known here, or has expired.',
    nextEn: 'Use the certificate of your profile folder, over a new connection, or ask the operator to enrol this one.',
    vi: 'Chứng thư của máy khách không thuộc cơ quan nào đã đăng ký, hoặc đã hết hạn.',
    nextVi:
      'Dùng chứng thư trong thư mục hồ sơ của cơ quan, qua kết nối mới, hoặc đề nghị đơn vị vận hành đăng ký chứng thư này.',
    example: 'a certificate of the right CA that was never enrolled',
  },
  [ErrorReason.REVOKED]: {
    code: 'UNAUTHENTICATED',
    en: 'This certificate, key or agency is barred.',
    nextEn: 'Stop using it and call the operator.',
    vi: 'Chứng thư, khóa hoặc cơ quan này đã bị chặn.',
    nextVi: 'Ngừng sử dụng và liên hệ đơn vị vận hành.',
    example: 'a call after `lienthong dev revoke AGENCY`',
  },
  [ErrorReason.SIGNATURE_MISSING]: {
    code: 'UNAUTHENTICATED',
    en: 'The call carries no signature.',
    nextEn:
      'Sign the message bytes and send the token in the metadata lt-signature, or in jws for each message of a stream.',
    vi: 'Lời gọi không có chữ ký.',
    nextVi:
      'Ký các byte của thông điệp và gửi mã ký trong metadata lt-signature, hoặc trong jws của từng thông điệp trên luồng.',
    example: 'VerifyPerson from a plain gRPC tool',
  },
  [ErrorReason.SIGNATURE_MALFORMED]: {
    code: 'UNAUTHENTICATED',
    en: 'The signature is not a token of the form this gateway takes.',
    nextEn: 'Send a compact JWS with exactly alg ES256, kid and typ in its header, and the claims of this type only.',
    vi: 'Chữ ký không đúng dạng mà cổng tiếp nhận.',
    nextVi: 'Gửi JWS rút gọn với đúng ba mục alg ES256, kid và typ ở phần đầu, và chỉ các thông tin của loại này.',
    example: 'a header with `jwk`, or `alg` HS256',
  },
  [ErrorReason.KEY_UNKNOWN]: {
    code: 'UNAUTHENTICATED',
    en: 'The key is not among the active keys of this agency.',
    nextEn: 'Sign with an enrolled key of the agency that the certificate names.',
    vi: 'Khóa ký không nằm trong các khóa đang hiệu lực của cơ quan.',
    nextVi: 'Ký bằng khóa đã đăng ký của chính cơ quan ghi trong chứng thư.',
    example: "another agency's `kid`",
  },
  [ErrorReason.SIGNATURE_INVALID]: {
    code: 'UNAUTHENTICATED',
    en: 'The signature does not verify.',
    nextEn: 'Check that the key and its kid belong together and that the token was not altered on its way.',
    vi: 'Chữ ký không hợp lệ.',
    nextVi: 'Kiểm tra khóa có đúng với kid không và mã ký có bị thay đổi trên đường truyền không.',
    example: 'one byte of the signature changed',
  },
  [ErrorReason.AUDIENCE_WRONG]: {
    code: 'UNAUTHENTICATED',
    en: 'The message was signed for another receiver or deployment.',
    nextEn: 'Take the deployment from GetServerInfo and sign for gateway@ followed by it.',
    vi: 'Thông điệp được ký cho bên nhận hoặc hệ thống khác.',
    nextVi: 'Lấy mã hệ thống từ GetServerInfo và ký với aud là gateway@ kèm mã đó.',
    example: 'a token of the test system sent to production',
  },
  [ErrorReason.BINDING_WRONG]: {
    code: 'UNAUTHENTICATED',
    en: 'The message was signed for another method, job or stream.',
    nextEn: 'Sign each message for the very method, job and chunk that it is sent to.',
    vi: 'Thông điệp được ký cho phương thức, công việc hoặc luồng khác.',
    nextVi: 'Ký từng thông điệp cho đúng phương thức, công việc và lô dữ liệu mà nó được gửi tới.',
    example: 'a chunk of one job sent into another',
  },
  [ErrorReason.DIGEST_MISMATCH]: {
    code: 'UNAUTHENTICATED',
    en: 'The signed digest is not that of the bytes received.',
    nextEn: 'Sign the message bytes exactly as they are sent; compare with the digest and length in the details.',
    vi: 'Mã băm đã ký không khớp với các byte nhận được.',
    nextVi: 'Ký đúng các byte được gửi đi; đối chiếu với mã băm và độ dài trong phần chi tiết.',
    example: 'the message serialised a second time after signing',
  },
  [ErrorReason.CLOCK]: {
    code: 'UNAUTHENTICATED',
    en: "The message was signed too long ago, or ahead of the server's clock.",
    nextEn: 'Set the clock by the server time in the details, then sign again.',
    vi: 'Thông điệp đã được ký từ quá lâu, hoặc ghi thời điểm ký muộn hơn giờ máy chủ (đồng hồ bên gửi chạy nhanh).',
    nextVi: 'Chỉnh đồng hồ theo giờ máy chủ trong phần chi tiết rồi ký lại.',
    example: '`iat` 61 s ago or 11 s ahead',
  },
  [ErrorReason.REPLAYED]: {
    code: 'UNAUTHENTICATED',
    en: 'This token was used before.',
    nextEn: 'Sign every attempt anew, with a fresh jti; the same message bytes may be sent again.',
    vi: 'Mã ký này đã được dùng.',
    nextVi: 'Mỗi lần gửi phải ký lại với jti mới; nội dung thông điệp có thể giữ nguyên.',
    example: 'the same call captured and sent twice',
  },
  [ErrorReason.BAD_REQUEST]: {
    code: 'INVALID_ARGUMENT',
    en: 'A field of the request breaks a rule.',
    nextEn: 'Correct the fields named in the details.',
    vi: 'Có trường của yêu cầu không đúng quy tắc.',
    nextVi: 'Sửa các trường nêu trong phần chi tiết.',
    example: 'a chunk size that is no power of two',
  },
  [ErrorReason.FIELD_UNKNOWN]: {
    code: 'INVALID_ARGUMENT',
    en: 'The vocabulary has no such field path.',
    nextEn: 'Use the paths of the published vocabulary, in snake case, such as permanent_address.province.',
    vi: 'Danh mục trường không có đường dẫn này.',
    nextVi:
      'Dùng đường dẫn trong danh mục đã công bố, viết thường nối bằng gạch dưới, ví dụ permanent_address.province.',
    example: '`fullName` in a read mask',
  },
  [ErrorReason.NOT_AGREED]: {
    code: 'PERMISSION_DENIED',
    en: 'No agreement of this agency covers this purpose and method now.',
    nextEn: 'Choose a purpose of an agreement in force, or have one approved.',
    vi: 'Cơ quan chưa có thỏa thuận còn hiệu lực cho mục đích và phương thức này.',
    nextVi: 'Chọn mục đích thuộc thỏa thuận còn hiệu lực, hoặc đề nghị phê duyệt thỏa thuận.',
    example: 'a telco that calls GetPerson',
  },
  [ErrorReason.CONTEXT_MISSING]: {
    code: 'PERMISSION_DENIED',
    en: 'The agreement demands a part of the context that is missing.',
    nextEn:
      'Fill in the parts of the context named in the details; for all requests of a profile: context in its config.json.',
    vi: 'Thiếu thông tin ngữ cảnh mà thỏa thuận yêu cầu.',
    nextVi:
      'Điền các mục ngữ cảnh nêu trong phần chi tiết; dùng cho mọi yêu cầu của hồ sơ thì ghi ở mục context trong config.json.',
    example: 'no `context.officer_code` where officers act',
  },
  [ErrorReason.FIELD_NOT_GRANTED]: {
    code: 'PERMISSION_DENIED',
    en: 'The agreement does not grant every field asked for.',
    nextEn: 'Leave out the fields named in the details, or set allow_partial to take what is granted.',
    vi: 'Thỏa thuận không cho phép mọi trường được yêu cầu.',
    nextVi: 'Bỏ các trường nêu trong phần chi tiết, hoặc đặt allow_partial để chỉ nhận phần được phép.',
    example: '`religion` asked for by a ministry that may not see it',
  },
  [ErrorReason.CONSENT_MISSING]: {
    code: 'PERMISSION_DENIED',
    en: 'This needs the consent of the person, and none covers it.',
    nextEn: 'Ask the person for consent through the national identity application, then try again.',
    vi: 'Việc này cần sự đồng ý của công dân và chưa có sự đồng ý phù hợp.',
    nextVi: 'Đề nghị công dân đồng ý qua ứng dụng định danh quốc gia rồi thử lại.',
    example: 'a bank that verifies a customer who has not agreed',
  },
  [ErrorReason.PERSON_NOT_FOUND]: {
    code: 'NOT_FOUND',
    en: 'There is no such person, or it is not yours to know.',
    nextEn: 'Check the number against the paper it was read from.',
    vi: 'Không có người này, hoặc cơ quan không có quyền biết.',
    nextVi: 'Kiểm tra lại số định danh với giấy tờ gốc.',
    example: 'GetPerson with a number that was never issued',
  },
  [ErrorReason.PERSON_AMBIGUOUS]: {
    code: 'FAILED_PRECONDITION',
    en: 'Several people carry this number.',
    nextEn: 'Ask with the 12-digit personal ID.',
    vi: 'Có nhiều người mang số này.',
    nextVi: 'Tra cứu bằng số định danh cá nhân 12 chữ số.',
    example: 'a 9-digit number that two provinces gave out',
  },
  [ErrorReason.JOB_UNKNOWN]: {
    code: 'NOT_FOUND',
    en: 'This agency has no such job.',
    nextEn: 'List the jobs, or start a new one.',
    vi: 'Cơ quan không có công việc này.',
    nextVi: 'Xem danh sách công việc, hoặc bắt đầu công việc mới.',
    example: "another agency's job id",
  },
  [ErrorReason.JOB_STATE]: {
    code: 'FAILED_PRECONDITION',
    en: 'The job is not in a state that allows this.',
    nextEn: 'Look at the state in the details; a finished job keeps its receipt.',
    vi: 'Trạng thái của công việc không cho phép thao tác này.',
    nextVi: 'Xem trạng thái trong phần chi tiết; công việc đã hoàn tất vẫn giữ biên nhận.',
    example: 'a chunk for a job that is PAUSED',
  },
  [ErrorReason.CONTENT_CHANGED]: {
    code: 'ABORTED',
    en: 'This request id or chunk number was used before with other content.',
    nextEn: 'Repeat the very same bytes, or take a new request id or job.',
    vi: 'Mã yêu cầu hoặc số lô này đã được dùng với nội dung khác.',
    nextVi: 'Gửi lại đúng nội dung cũ, hoặc dùng mã yêu cầu hay công việc mới.',
    example: 'chunk 7 sent again after the file was edited',
  },
  [ErrorReason.STREAM_PROTOCOL]: {
    code: 'FAILED_PRECONDITION',
    en: 'A message of the stream, or its place in it, is not as the protocol says.',
    nextEn:
      'See the details. Send each message whole: the opening, then chunks, then the end, no more in flight than GetServerInfo says.',
    vi: 'Một thông điệp của luồng, hoặc vị trí của nó, không đúng giao thức.',
    nextVi:
      'Xem chi tiết. Gửi trọn vẹn từng thông điệp: phần mở, các lô, rồi phần kết; giữ số lô chờ theo GetServerInfo.',
    example: 'a chunk before the opening',
  },
  [ErrorReason.LIMITED]: {
    code: 'RESOURCE_EXHAUSTED',
    en: 'A limit is used up.',
    nextEn: 'Wait as long as the details say, or ask for a higher limit in the agreement.',
    vi: 'Đã hết hạn mức.',
    nextVi: 'Chờ theo thời gian nêu trong phần chi tiết, hoặc đề nghị nâng hạn mức trong thỏa thuận.',
    example: 'more distinct people in a day than agreed',
  },
  [ErrorReason.STORAGE_UNAVAILABLE]: {
    code: 'UNAVAILABLE',
    en: 'The database or the log cannot be reached; nothing was disclosed.',
    nextEn: 'Try again in a moment; a job goes on where it was.',
    vi: 'Không kết nối được cơ sở dữ liệu hoặc nhật ký; chưa có dữ liệu nào được cung cấp.',
    nextVi: 'Thử lại sau ít phút; công việc sẽ tiếp tục từ chỗ đang dở.',
    example: 'the database restarts in the middle of a job',
  },
  [ErrorReason.POLICY_UNAVAILABLE]: {
    code: 'UNAVAILABLE',
    en: 'The policy cannot be evaluated; nothing was disclosed.',
    nextEn: 'Try again in a moment, then call the operator.',
    vi: 'Không đánh giá được chính sách; chưa có dữ liệu nào được cung cấp.',
    nextVi: 'Thử lại sau ít phút, nếu vẫn lỗi thì liên hệ đơn vị vận hành.',
    example: 'the policy bundle is out of date',
  },
  [ErrorReason.DRAINING]: {
    code: 'UNAVAILABLE',
    en: 'The gateway is stopping.',
    nextEn: 'Connect again; another gateway or the restarted one takes over.',
    vi: 'Cổng đang dừng hoạt động.',
    nextVi: 'Kết nối lại; cổng khác hoặc cổng đã khởi động lại sẽ tiếp nhận.',
    example: 'a chunk during a restart',
  },
  [ErrorReason.INTERNAL]: {
    code: 'INTERNAL',
    en: 'A fault inside the gateway.',
    nextEn: 'Tell the operator the request id.',
    vi: 'Lỗi bên trong cổng.',
    nextVi: 'Báo mã yêu cầu cho đơn vị vận hành.',
    example: 'a defect in the gateway',
  },
  [ErrorReason.LOG_BROKEN]: {
    code: 'UNAVAILABLE',
    en: 'The log is smaller than the last head kept; the gateway discloses nothing until an officer has looked.',
    nextEn: 'Wait for the operator; do not switch off the check.',
    vi: 'Nhật ký ngắn hơn mốc đã lưu; cổng không cung cấp dữ liệu cho tới khi cán bộ có thẩm quyền kiểm tra.',
    nextVi: 'Chờ đơn vị vận hành; không tắt bước kiểm tra này.',
    example: 'an old backup was restored',
  },
  [ErrorReason.LOG_POSITION_UNKNOWN]: {
    code: 'NOT_FOUND',
    en: 'The log has no such entry or size.',
    nextEn: 'Ask within the size of the newest tree head.',
    vi: 'Nhật ký không có bản ghi hoặc kích thước này.',
    nextVi: 'Hỏi trong phạm vi kích thước của mốc nhật ký mới nhất.',
    example: 'a proof for an index past the head',
  },
  [ErrorReason.AGREEMENT_CHANGED]: {
    code: 'ABORTED',
    en: 'The agreement has changed since this was first answered.',
    nextEn: 'Ask anew, under a new request id or in a new job: it is then answered under the agreement in force.',
    vi: 'Thỏa thuận đã thay đổi kể từ lần trả lời đầu tiên.',
    nextVi: 'Gửi lại với mã yêu cầu mới hoặc trong công việc mới để được trả lời theo thỏa thuận đang hiệu lực.',
    example: 'a retry of VerifyPerson after the agreement lost a grant',
  },
  [ErrorReason.ANSWER_GONE]: {
    code: 'FAILED_PRECONDITION',
    en: 'This was answered before, and the answer is no longer kept.',
    nextEn: 'Use the answer that was received, or start a new job.',
    vi: 'Nội dung này đã được trả lời trước đó và câu trả lời không còn được lưu.',
    nextVi: 'Dùng câu trả lời đã nhận, hoặc mở công việc mới.',
    example: 'a chunk sent again after it was acknowledged',
  },
  [ErrorReason.ENCRYPTION_KEY_MISSING]: {
    code: 'FAILED_PRECONDITION',
    en: 'Sensitive fields are only sent encrypted, and no encryption key of this agency is enrolled.',
    nextEn: 'Make a key with "lienthong enroll encryption-key" and have the operator enrol it.',
    vi: 'Trường nhạy cảm chỉ được gửi dưới dạng mã hóa, mà cơ quan chưa đăng ký khóa mã hóa nào.',
    nextVi: 'Tạo khóa bằng "lienthong enroll encryption-key" và đề nghị đơn vị vận hành đăng ký.',
    example: 'GetPerson of `blood_type`, granted by the agreement, before an encryption key is enrolled',
  },
  ...OFFICER_REASONS,
  ...CONSENT_REASONS,
};

/** The reasons in the proto's order. */
export const REASONS: readonly SentReason[] = Object.keys(CATALOGUE).map((key) => Number(key) as SentReason);

/** Name as it stands in ErrorInfo. Example: `FIELD_NOT_GRANTED`. */
export function reasonName(reason: SentReason): string {
  return ErrorReason[reason];
}
