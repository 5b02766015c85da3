/** A file that is no text in lines and cells, by what it begins with. */
export const INPUT_MESSAGES = {
  FILE_IS_FOLDER: {
    exit: 'USAGE',
    en: '{file} is a folder: name a file in it.',
    vi: '{file} là thư mục: hãy chỉ ra một tệp trong đó.',
  },
  FILE_FORBIDDEN: {
    exit: 'USAGE',
    en: 'This user may not read {file}: have the right to read it given, or run as the user whose file it is.',
    vi: 'Người dùng này không có quyền đọc {file}: hãy cấp quyền đọc, hoặc chạy bằng người dùng sở hữu tệp.',
  },
  FILE_COMPRESSED: {
    exit: 'USAGE',
    en: '{file} is compressed ({form}): unpack it, or give what it holds on standard input: {unpack} FILE | lienthong telco verify -',
    vi: '{file} là tệp nén ({form}): hãy giải nén, hoặc đưa nội dung qua đầu vào chuẩn: {unpack} TỆP | lienthong telco verify -',
  },
  FILE_HTML: {
    exit: 'USAGE',
    en: '{file} is a web page or XML, whatever its name says: open it in a spreadsheet program and save it as XLSX or "CSV UTF-8".',
    vi: '{file} thực ra là trang web hoặc XML: hãy mở bằng chương trình bảng tính rồi lưu lại dạng XLSX hoặc "CSV UTF-8".',
  },
  LINE_ENDS_CR: {
    exit: 'USAGE',
    en: 'The lines of {file} end in CR alone, as on old Macs: save it as "CSV UTF-8", or turn them into LF (tr "\\r" "\\n").',
    vi: 'Các dòng trong {file} chỉ kết thúc bằng CR (kiểu máy Mac cũ): hãy lưu lại dạng "CSV UTF-8", hoặc đổi thành LF (tr "\\r" "\\n").',
  },
  HEADER_ABSENT: {
    exit: 'USAGE',
    en: 'Line {line} does not name columns, and no line near the beginning has names that are known: say which it is (--header-line N, and --columns id_number=YOUR_NAME,…), or put the names there.',
    vi: 'Dòng {line} không phải dòng tiêu đề cột, và không dòng nào ở đầu tệp có tên cột đã biết: hãy cho biết dòng tiêu đề (--header-line N, và --columns id_number=TÊN_CỘT,…), hoặc thêm dòng tiêu đề.',
  },
  TABLE_ELSEWHERE: {
    exit: 'USAGE',
    en: 'The table of {file} does not begin where it was looked for, but further down or on another sheet ({options}): look at it with lienthong telco inspect {file}, which keeps that for telco verify, or give these options.',
    vi: 'Bảng trong {file} không bắt đầu ở chỗ đã tìm, mà ở dòng dưới hoặc trang tính khác ({options}): hãy xem bằng lienthong telco inspect {file} (ghi lại cho telco verify), hoặc dùng các tùy chọn này.',
  },
  HEADER_LINE_WRONG: {
    exit: 'USAGE',
    en: 'Line {line}, which was said to name the columns, is empty, or not among the first 256 KiB of the file.',
    vi: 'Dòng {line}, được nêu là dòng tiêu đề cột, lại trống hoặc không nằm trong 256 KiB đầu của tệp.',
  },
  RESULTS_HEADER_WRONG: {
    exit: 'USAGE',
    en: 'These are no results of this program, line {line} does not name their columns: name the file that "lienthong telco verify" wrote (--out). Wanted: {needed}. Missing: {missing}. Found: {found}.',
    vi: 'Đây không phải tệp kết quả của chương trình này, dòng {line} thiếu các cột của tệp kết quả: hãy chỉ ra tệp mà "lienthong telco verify" đã ghi (--out). Cần: {needed}. Thiếu: {missing}. Tìm thấy: {found}.',
  },
  SEPARATOR_UNKNOWN: {
    exit: 'USAGE',
    en: 'The cells look separated by "{found}"; comma, semicolon, tab and | are known: save the file with one of these.',
    vi: 'Các ô có vẻ được phân cách bằng "{found}"; chỉ nhận dấu phẩy, dấu chấm phẩy, tab và |: hãy lưu tệp với một trong các dấu này.',
  },
} as const;
