/** A file that is no text in lines and cells, by what it begins with. */
export const INPUT_MESSAGES = {
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
  SEPARATOR_UNKNOWN: {
    exit: 'USAGE',
    en: 'The cells look separated by "{found}"; comma, semicolon, tab and | are known: save the file with one of these.',
    vi: 'Các ô có vẻ được phân cách bằng "{found}"; chỉ nhận dấu phẩy, dấu chấm phẩy, tab và |: hãy lưu tệp với một trong các dấu này.',
  },
} as const;
