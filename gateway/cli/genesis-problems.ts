/** What stops the ceremony of the first two officers; rows of `PROBLEMS`. Nothing is changed by any of them. */
import type { ProblemRow } from './problem.ts';

export const GENESIS_PROBLEMS = {
  GENESIS_HELD: {
    exit: 'REFUSED',
    en: 'The ceremony was held before: this deployment has its first officers.',
    vi: 'Nghi thức đã được thực hiện: hệ thống này đã có các cán bộ đầu tiên.',
    nextEn: 'Nothing was changed. Further officers are made by two of them: lienthong officer create.',
    nextVi: 'Chưa thay đổi gì. Cán bộ khác do hai người trong số họ lập: lienthong officer create.',
  },
  GENESIS_TWO: {
    exit: 'USAGE',
    en: 'The ceremony takes two officers, each with a folder, a code, a key and a personal ID of their own.',
    vi: 'Nghi thức cần hai cán bộ, mỗi người có thư mục, mã, khóa và số định danh riêng.',
    nextEn: 'Nothing was changed. Give two folders with --officer, and on standard input the ID of each, a line each.',
    nextVi: 'Chưa thay đổi gì. Nêu hai thư mục bằng --officer, và đưa số định danh của từng người, mỗi người một dòng.',
  },
  GENESIS_ID_MISSING: {
    exit: 'USAGE',
    en: 'Line {line} of standard input is empty or missing: it holds the personal ID of {officer}.',
    vi: 'Dòng {line} của đầu vào chuẩn trống hoặc không có: dòng này là số định danh của {officer}.',
    nextEn:
      'Nothing was changed. Give one ID a line, in the order of the folders, with no empty line before or between.',
    nextVi: 'Chưa thay đổi gì. Mỗi dòng một số, theo thứ tự các thư mục, không có dòng trống ở trước hoặc ở giữa.',
  },
  GENESIS_ID_FORM: {
    exit: 'USAGE',
    en: 'Line {line} of standard input, the personal ID of {officer}, is not 12 digits.',
    vi: 'Dòng {line} của đầu vào chuẩn, số định danh của {officer}, không gồm đúng 12 chữ số.',
    nextEn: 'Nothing was changed. Type it again as it stands on the identity card, without blanks.',
    nextVi: 'Chưa thay đổi gì. Nhập lại như trên thẻ căn cước, không có khoảng trắng.',
  },
  GENESIS_ID_INVENTED: {
    exit: 'USAGE',
    en: 'The personal ID of {officer} (line {line}) begins with 9: such numbers are invented, and this is production.',
    vi: 'Số định danh của {officer} (dòng {line}) bắt đầu bằng 9: đó là số giả lập, còn đây là hệ thống thật.',
    nextEn: 'Nothing was changed. Give the number of the identity card.',
    nextVi: 'Chưa thay đổi gì. Nhập số trên thẻ căn cước.',
  },
  GENESIS_ID_REAL: {
    exit: 'USAGE',
    en: 'The personal ID of {officer} (line {line}) may be a real one: a development deployment takes invented ones only.',
    vi: 'Số định danh của {officer} (dòng {line}) có thể là số thật: hệ thống phát triển chỉ nhận số giả lập.',
    nextEn: 'Nothing was changed. Give a number that begins with 9.',
    nextVi: 'Chưa thay đổi gì. Nhập số bắt đầu bằng 9.',
  },
  GENESIS_DEPLOYMENT: {
    exit: 'USAGE',
    en: 'The request in {folder} is for the deployment {found}, and this is {deployment}.',
    vi: 'Yêu cầu trong {folder} dành cho hệ thống {found}, còn đây là {deployment}.',
    nextEn: 'Nothing was changed. Have it made again: lienthong enroll request --deployment {deployment}.',
    nextVi: 'Chưa thay đổi gì. Đề nghị tạo lại: lienthong enroll request --deployment {deployment}.',
  },
  GENESIS_AUTHORITY: {
    exit: 'USAGE',
    en: 'The certificate in {folder} is not of an authority of tls.ca in the config.',
    vi: 'Chứng thư trong {folder} không do CA trong tls.ca của cấu hình cấp.',
    nextEn: 'Nothing was changed. Put cert.pem of the right authority there, or its certificate into tls.ca.',
    nextVi: 'Chưa thay đổi gì. Đặt cert.pem do đúng CA cấp vào đó, hoặc thêm chứng thư của CA vào tls.ca.',
  },
  GENESIS_KEY: {
    exit: 'USAGE',
    en: 'signing.jwk.json in {folder} is not the key of the request beside it.',
    vi: 'signing.jwk.json trong {folder} không phải khóa của yêu cầu cùng thư mục.',
    nextEn: 'Nothing was changed. Take both files from one run of "enroll request".',
    nextVi: 'Chưa thay đổi gì. Lấy cả hai tệp từ cùng một lần chạy "enroll request".',
  },
  GENESIS_KEY_UNNAMED: {
    exit: 'USAGE',
    en: 'The config does not name the key of {officer} ({kid}).',
    vi: 'Cấu hình không nêu khóa của {officer} ({kid}).',
    nextEn: 'Nothing was changed. Where that is the thumbprint that "enroll request" printed, add it to "officers".',
    nextVi: 'Chưa thay đổi gì. Nếu đúng là dấu vân tay mà "enroll request" đã in, thêm nó vào "officers".',
  },
  GENESIS_UNCOUNTED: {
    exit: 'USAGE',
    en: 'What both would sign would not count ({problem}).',
    vi: 'Nội dung hai người sẽ ký không có giá trị ({problem}).',
    nextEn:
      'Nothing was changed. Check --legal-entity, --name-vi and --name-en (one line of at most 200 characters each), and that certificates name the officers’ codes.',
    nextVi:
      'Chưa thay đổi gì. Kiểm tra --legal-entity, --name-vi và --name-en (mỗi mục một dòng, tối đa 200 ký tự), và chứng thư ghi đúng mã cán bộ.',
  },
} as const satisfies Record<string, ProblemRow>;
