/** What goes wrong in officers' commands; rows of `PROBLEMS`. */
import type { ProblemRow } from './problem.ts';

export const OFFICER_PROBLEMS = {
  NOT_AN_OFFICER: {
    exit: 'PROFILE',
    en: 'This is the profile of {agency}, not of an officer of the register.',
    vi: 'Đây là hồ sơ của {agency}, không phải của cán bộ.',
    nextEn: "Name an officer's profile folder with --profile.",
    nextVi: 'Chỉ ra thư mục hồ sơ của cán bộ bằng --profile.',
  },
  OFFICER_UNNAMED: {
    exit: 'PROFILE',
    en: 'The profile {folder} does not say which officer it is.',
    vi: 'Hồ sơ {folder} không nêu là của cán bộ nào.',
    nextEn:
      'Write the code of "enroll request" as context.officer_code into its config.json, or run "enroll finish" again.',
    nextVi:
      'Ghi mã cán bộ của "enroll request" vào context.officer_code trong config.json, hoặc chạy lại "enroll finish".',
  },
  REQUEST_FILE: {
    exit: 'USAGE',
    en: '{file} cannot be used: {problem}.',
    vi: 'Không dùng được {file}: {problem}.',
    nextEn: 'Have it made again by "lienthong enroll request", or take the right file.',
    nextVi: 'Đề nghị tạo lại bằng "lienthong enroll request", hoặc chọn đúng tệp.',
  },
  KEYS_THERE: {
    exit: 'USAGE',
    en: '{file} is there already, and a key is never replaced.',
    vi: '{file} đã có, và khóa không bao giờ bị ghi đè.',
    nextEn: 'Nothing was made. Name another place.',
    nextVi: 'Chưa tạo gì. Hãy chọn nơi khác.',
  },
  ENROLL_WAY: {
    exit: 'PROFILE',
    en: '{said}',
    vi: '{said}',
    nextEn:
      'No profile was made. Check --address (by a name that the gateway’s certificate has), --ca (who signed that certificate) and cert.pem, and run the same command again.',
    nextVi:
      'Chưa tạo hồ sơ. Kiểm tra --address (theo tên có trong chứng thư của cổng), --ca (nơi cấp chứng thư đó) và cert.pem, rồi chạy lại lệnh này.',
  },
  ENROLL_AWAY: {
    exit: 'UNAVAILABLE',
    en: '{said}',
    vi: '{said}',
    nextEn:
      'No profile was made. Check --address, the name server and the firewall; run the same command again once the gateway is up.',
    nextVi:
      'Chưa tạo hồ sơ. Kiểm tra --address, máy chủ tên miền và tường lửa; chạy lại lệnh này khi cổng đã hoạt động.',
  },
  NO_AGREEMENT_YET: {
    exit: 'REFUSED',
    en: 'The gateway knows {agency}, and has no agreement of it yet.',
    vi: 'Cổng đã biết {agency}, nhưng chưa có thỏa thuận nào.',
    nextEn: 'Run the same command again when one is in force, or name the purposes with --purpose.',
    nextVi: 'Chạy lại lệnh này khi thỏa thuận có hiệu lực, hoặc nêu mục đích bằng --purpose.',
  },
  AGREEMENT_FILE: {
    exit: 'USAGE',
    en: '{file} is no agreement: {problem}.',
    vi: '{file} không phải thỏa thuận: {problem}.',
    nextEn: 'Correct the members named (design page "policy").',
    nextVi: 'Sửa các mục được nêu (trang thiết kế "policy").',
  },
  AGREEMENT_UNKNOWN: {
    exit: 'USAGE',
    en: 'No agreement {named} counts or stands among the newest 200 proposals.',
    vi: 'Không có thỏa thuận {named} đang có giá trị hoặc trong 200 đề xuất mới nhất.',
    nextEn:
      'See those that count: lienthong agreement list. An older one by its digest: lienthong proposal show DIGEST',
    nextVi:
      'Xem các thỏa thuận có giá trị: lienthong agreement list. Bản cũ hơn, theo mã băm: lienthong proposal show MÃ',
  },
  PROPOSAL_UNNAMED: {
    exit: 'USAGE',
    en: 'No single proposal begins with {digest}.',
    vi: 'Không có đúng một đề xuất bắt đầu bằng {digest}.',
    nextEn: 'Take at least eight characters of its digest: lienthong proposal list --all',
    nextVi: 'Nhập ít nhất tám ký tự của mã băm: lienthong proposal list --all',
  },
  PROPOSAL_OTHER: {
    exit: 'PROFILE',
    en: 'The gateway shows other bytes than those of {digest}: nothing was signed.',
    vi: 'Cổng đưa ra nội dung khác với {digest}: chưa ký gì.',
    nextEn: 'Do not sign; call the other officers and the supervisor.',
    nextVi: 'Không ký; báo các cán bộ khác và đơn vị giám sát.',
  },
  SUBJECT_CODE: {
    exit: 'USAGE',
    en: '{subject} is no code or id: small letters, digits and hyphens. Nothing was signed.',
    vi: '{subject} không phải mã: chỉ gồm chữ thường, chữ số và gạch nối. Chưa ký gì.',
    nextEn: 'Take it as "agency list", "issuer list", "officer list" or "agreement list" shows it, without a version.',
    nextVi:
      'Lấy đúng như "agency list", "issuer list", "officer list" hoặc "agreement list" hiển thị, không kèm phiên bản.',
  },
  SUBJECT_CERTIFICATE: {
    exit: 'USAGE',
    en: '{subject} is no fingerprint of a certificate: its SHA-256, 64 hexadecimal digits. Nothing was signed.',
    vi: '{subject} không phải dấu vân tay của chứng thư: SHA-256, 64 chữ số hexa. Chưa ký gì.',
    nextEn: 'Take it as "agency list" or "officer list" shows it, or of "openssl x509 -noout -fingerprint -sha256".',
    nextVi: 'Lấy từ "agency list" hoặc "officer list", hoặc từ "openssl x509 -noout -fingerprint -sha256".',
  },
  SUBJECT_KEY: {
    exit: 'USAGE',
    en: '{subject} is no thumbprint of a key: 43 letters, digits, - and _. Nothing was signed.',
    vi: '{subject} không phải dấu vân tay của khóa: 43 chữ cái, chữ số, - và _. Chưa ký gì.',
    nextEn: 'Take it as "agency list", "issuer list" or "officer list" shows it.',
    nextVi: 'Lấy đúng như "agency list", "issuer list" hoặc "officer list" hiển thị.',
  },
  SUBJECT_UNKNOWN: {
    exit: 'USAGE',
    en: 'No list of the register names {subject}. Nothing was signed.',
    vi: 'Không danh mục nào của CSDL dân cư có {subject}. Chưa ký gì.',
    nextEn: 'Take it as the lists show it ({list}). What nobody enrolled is barred with --unknown.',
    nextVi: 'Lấy đúng như danh mục hiển thị ({list}). Muốn chặn thứ chưa ai đăng ký, thêm --unknown.',
  },
  REASON_ELSEWHERE: {
    exit: 'USAGE',
    en: '{reason} is no reason for {outcome}.',
    vi: '{reason} không phải lý do cho {outcome}.',
    nextEn: 'Nothing was signed. Its reasons are {reasons}.',
    nextVi: 'Chưa ký gì. Các lý do của kết quả này: {reasons}.',
  },
  TEXT_WRONG: {
    exit: 'USAGE',
    en: '{option} must say something, on one line of at most {most} characters.',
    vi: '{option} phải có nội dung, trên một dòng, tối đa {most} ký tự.',
    nextEn: 'Nothing was signed. A text of several lines is written on one; the person reads it as it stands.',
    nextVi: 'Chưa ký gì. Văn bản nhiều dòng phải viết thành một dòng; công dân đọc đúng nguyên văn.',
  },
} as const satisfies Record<string, ProblemRow>;
