/** The sentences of the report. */
export const REPORT_WORDS = {
  en: {
    title: 'Subscribers verified: {file}',
    made: 'Made on {time} by lienthong {version}. Read by the matching profile {profile}.',
    asOf: 'Register of {first} to {last}.',
    part: '{rows} of the {all} rows of the file have a result here; {left} have none, and nothing in this page is of them.',
    carried:
      'Asked about now: {asked} rows. Carried unchanged from earlier results: {carried} rows, of {jobs} earlier jobs; each keeps the moment of its own answer.',
    rows: 'Rows',
    share: 'Share',
    work: 'To do',
    meaning: 'What it means',
    todo: 'What to do',
    todoTitle: 'What to do',
    todoText:
      'Filter results.csv by its column "action", not by "verdict": whoever keeps all that is VERIFIED keeps dead subscribers.',
    action: 'Action',
    verdictTitle: 'What the gateway answered',
    verdict: 'Verdict',
    noticeTitle: 'Notices',
    noticeText: 'Told with the verdict VERIFIED only. The first row of each is a place to look at.',
    notice: 'Notice',
    none: 'None.',
    reasonTitle: 'Commonest reasons',
    reasonText: 'A row may have several. Those of rows that are VERIFIED say what was seen through.',
    reason: 'Reason',
    first: 'First at line',
    provinceTitle: 'By province',
    provinceText:
      'By the first three digits of the personal ID in the file: where the birth was registered, in the 63 provinces of that time. "To do": rows whose action is not KEEP.',
    province: 'Province',
    code: 'Code',
    yearTitle: 'By year of birth',
    yearText: 'As the cells of the file say it. Dark: to do; light: nothing to do.',
    year: 'Year',
    crossTitle: 'To do, by province and decade of birth',
    crossText: 'Groups of less than ten rows stand as "<10".',
    unknown: 'not known',
    chart: 'Chart of the table that follows.',
    noFile:
      'Provinces and years of birth stand in the file that was verified, not in its results: add --file FILE to see them here.',
    readTitle: 'How the file was read',
    readText:
      'Where this is not how the file is meant, its answers are to other names and dates than the telco’s: say it (--encoding, --date-order …) and verify anew.',
    notIn:
      'In this page there are counts only: no name, number, date or key of a row. It asks for nothing from any network and runs nothing. That the results are the gateway’s own, only their receipt proves: lienthong receipt verify {file}',
    provinces: {
      CMND: '9-digit card number (CMND)',
      NONE: 'no number that can be read',
      abroad: 'born abroad',
      synthetic: 'invented (given to nobody)',
      other: 'no province has this code',
    },
  },
  vi: {
    title: 'Kết quả đối chiếu thuê bao: {file}',
    made: 'Lập lúc {time} bằng lienthong {version}. Đọc theo bộ quy tắc {profile}.',
    asOf: 'Dữ liệu dân cư từ {first} đến {last}.',
    part: '{rows} trong {all} dòng của tệp có kết quả ở đây; {left} dòng không có, và trang này không nói gì về các dòng đó.',
    carried:
      'Hỏi lần này: {asked} dòng. Giữ lại từ kết quả trước: {carried} dòng, thuộc {jobs} công việc trước; mỗi dòng giữ thời điểm của câu trả lời của nó.',
    rows: 'Số dòng',
    share: 'Tỷ lệ',
    work: 'Cần xử lý',
    meaning: 'Ý nghĩa',
    todo: 'Việc cần làm',
    todoTitle: 'Việc cần làm',
    todoText:
      'Hãy lọc results.csv theo cột "action", không theo "verdict": giữ mọi dòng VERIFIED là giữ cả thuê bao của người đã chết.',
    action: 'Hành động',
    verdictTitle: 'Cổng đã trả lời',
    verdict: 'Kết luận',
    noticeTitle: 'Lưu ý',
    noticeText: 'Chỉ có ở kết luận VERIFIED. Dòng đầu tiên của mỗi loại là nơi để xem thử.',
    notice: 'Lưu ý',
    none: 'Không có.',
    reasonTitle: 'Lý do thường gặp',
    reasonText: 'Một dòng có thể có nhiều lý do. Lý do của dòng VERIFIED cho biết điểm khác đã được bỏ qua.',
    reason: 'Lý do',
    first: 'Dòng đầu',
    provinceTitle: 'Theo tỉnh',
    provinceText:
      'Theo ba số đầu của số định danh trong tệp: nơi đăng ký khai sinh, theo 63 tỉnh thành khi đó. "Cần xử lý": dòng có hành động khác KEEP.',
    province: 'Tỉnh, thành phố',
    code: 'Mã',
    yearTitle: 'Theo năm sinh',
    yearText: 'Như các ô trong tệp ghi. Đậm: cần xử lý; nhạt: không cần.',
    year: 'Năm',
    crossTitle: 'Cần xử lý, theo tỉnh và thập niên sinh',
    crossText: 'Nhóm dưới mười dòng ghi là "<10".',
    unknown: 'không rõ',
    chart: 'Biểu đồ của bảng ngay sau.',
    noFile: 'Tỉnh và năm sinh nằm trong tệp đã đối chiếu, không có trong kết quả: thêm --file FILE để xem ở đây.',
    readTitle: 'Tệp đã được đọc như thế nào',
    readText:
      'Nếu không đúng với tệp, câu trả lời là cho họ tên và ngày sinh khác: hãy nêu rõ (--encoding, --date-order …) và đối chiếu lại.',
    notIn:
      'Trang này chỉ có số liệu tổng hợp: không có họ tên, số, ngày sinh hay mã của dòng nào. Trang không tải gì từ mạng và không chạy gì. Kết quả đúng là của cổng hay không, chỉ biên nhận chứng minh: lienthong receipt verify {file}',
    provinces: {
      CMND: 'số CMND 9 chữ số',
      NONE: 'không đọc được số',
      abroad: 'sinh ở nước ngoài',
      synthetic: 'giả lập (không cấp cho ai)',
      other: 'không tỉnh nào có mã này',
    },
  },
} as const;

export const REPORT_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.4rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 2px solid #1f5fa8; }
p { margin: .5rem 0; }
figure { margin: .5rem 0 1rem; }
img { display: block; width: 100%; max-width: 34rem; height: auto; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid #1f5fa8; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { padding: .3rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid #ccc; }
thead th { border-bottom: 2px solid #555; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.code { overflow-wrap: break-word; }
tbody th { white-space: nowrap; }
.stop { background: #fde9df; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; }
  tbody th { white-space: normal; overflow-wrap: anywhere; }
  table { font-size: 8.5pt; }
  h2, caption { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
