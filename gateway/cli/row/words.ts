import type { Language } from '../../../connectors/kit/messages.ts';
import type { BirthGrade, NameGrade, Reason } from '../../matching/index.ts';
import type { FieldOutcome, Told } from './answer.ts';
import type { RowReading } from './reading.ts';

/** The words in which one row is explained. Closed tables: a new grade or state without its words does not compile. */

type Words = Readonly<Record<Language, string>>;

export const TOLD_WORDS: Readonly<Record<Exclude<Told, 'TOLD'>, Words>> = {
  NONE: { en: 'none', vi: 'không có' },
  NOT_GRANTED: { en: 'not granted by the agreement', vi: 'thỏa thuận không cho phép biết' },
  NONE_OR_NOT_GRANTED: { en: 'none told', vi: 'không có thông tin nào được cho biết' },
  NOT_WITH_VERDICT: { en: 'not told with this verdict', vi: 'không cho biết với kết luận này' },
};

export const OUTCOME_WORDS: Readonly<Record<Exclude<FieldOutcome, ''>, Words>> = {
  TRUE: { en: 'agrees', vi: 'khớp' },
  FALSE: { en: 'differs', vi: 'không khớp' },
  NOT_AVAILABLE: { en: 'one side has nothing to compare', vi: 'một bên không có giá trị để so sánh' },
};

/** Of a field that the row has, where the answer is about one person. */
export const UNCOMPARED: Words = {
  en: 'not compared: the register has none, or a limit of wrong values is used up, of this person or of this name (for 30 days; lienthong quota show)',
  vi: 'không so sánh: CSDL dân cư không có, hoặc đã hết số lần được hỏi sai về người này hay họ tên này (trong 30 ngày; lienthong quota show)',
};

export const KIND_WORDS: Readonly<Record<RowReading['number']['kind'], Words>> = {
  PERSONAL: { en: 'a personal ID (12 digits)', vi: 'số định danh cá nhân (12 chữ số)' },
  CMND: { en: 'the number of an old card, CMND (9 digits)', vi: 'số chứng minh nhân dân cũ (9 chữ số)' },
  NONE: { en: 'no number that can be looked up', vi: 'không có số nào tra cứu được' },
};

export const KNOWN_WORDS: Readonly<Record<RowReading['date']['known'], Words>> = {
  DAY: { en: 'the whole date', vi: 'đủ ngày tháng năm' },
  MONTH: { en: 'month and year', vi: 'tháng và năm' },
  YEAR: { en: 'the year only', vi: 'chỉ có năm' },
  NOTHING: { en: 'no date to compare', vi: 'không có ngày để so sánh' },
};

export const NAME_GRADE_WORDS: Readonly<Record<NameGrade, Words>> = {
  same: { en: 'the same name, in any writing', vi: 'cùng một tên, không kể cách viết' },
  damaged: { en: 'the same name, in a writing that lost something', vi: 'cùng một tên, cách viết bị mất mát' },
  near: { en: 'one stated doubt', vi: 'một điểm nghi ngờ được nêu rõ' },
  close: { en: 'more than one doubt', vi: 'hơn một điểm nghi ngờ' },
  different: { en: 'another name', vi: 'tên khác' },
  absent: { en: 'no name was compared', vi: 'không so sánh tên nào' },
};

export const DATE_GRADE_WORDS: Readonly<Record<BirthGrade, Words>> = {
  same: { en: 'the same whole date', vi: 'cùng một ngày đầy đủ' },
  'new-year': {
    en: 'the same date, but 1 January, which may stand for an unknown day',
    vi: 'cùng một ngày, nhưng là 01/01, có thể thay cho ngày không rõ',
  },
  part: { en: 'equal on what both sides know', vi: 'khớp phần mà hai bên cùng biết' },
  swapped: { en: 'day and month exchanged', vi: 'ngày và tháng bị đảo' },
  placeholder: { en: 'a usual stand-in for an unknown day', vi: 'giá trị thường dùng thay cho ngày không rõ' },
  close: { en: 'one part of it differs', vi: 'khác một phần' },
  different: { en: 'another date', vi: 'ngày khác' },
  absent: { en: 'no date was compared', vi: 'không so sánh ngày nào' },
};

/** By the rule of the published precedence. */
export const RULE_WORDS: Readonly<Record<1 | 2 | 4 | 5 | 6, Words>> = {
  1: {
    en: 'Rule 1: a cell cannot be used, so nothing was compared.',
    vi: 'Quy tắc 1: có ô không dùng được, nên không so sánh gì.',
  },
  2: { en: 'Rule 2: nobody holds the number.', vi: 'Quy tắc 2: không ai mang số này.' },
  4: {
    en: 'Rule 4: one person who holds the number is VERIFIED.',
    vi: 'Quy tắc 4: có một người mang số này đạt VERIFIED.',
  },
  5: {
    en: 'Rule 5: nobody who holds the number is VERIFIED, and one person is PROBABLE.',
    vi: 'Quy tắc 5: không ai mang số này đạt VERIFIED, và có một người đạt PROBABLE.',
  },
  6: {
    en: 'Rule 6: nobody who holds the number is VERIFIED or PROBABLE; the results speak of the one who agrees best.',
    vi: 'Quy tắc 6: không ai mang số này đạt VERIFIED hay PROBABLE; kết quả nói về người khớp nhất.',
  },
};

export const PATH_WORDS = {
  ambiguous: {
    en: 'Rules 4 and 5: several people who hold the number fit alike, so there are no results of one.',
    vi: 'Quy tắc 4 và 5: nhiều người mang số này phù hợp như nhau, nên không có kết quả của riêng ai.',
  },
  silent: {
    en: 'It stands for PROBABLE, MISMATCH, NOT_FOUND, AMBIGUOUS and CONSENT_MISSING alike. Which it was, the agreement does not grant.',
    vi: 'Kết luận này thay chung cho PROBABLE, MISMATCH, NOT_FOUND, AMBIGUOUS và CONSENT_MISSING. Thỏa thuận không cho biết là trường hợp nào.',
  },
  otherwise: {
    en: 'It does not come from the comparison, but from the agreement, a consent or a quota.',
    vi: 'Kết luận này không do so sánh, mà do thỏa thuận, sự đồng ý hoặc hạn mức.',
  },
  withheld: {
    en: 'Results of the fields are not granted, so how far they agree is not told.',
    vi: 'Thỏa thuận không cho biết kết quả từng trường, nên không nêu mức độ khớp.',
  },
  name: { en: 'Name {outcome}: grade {grades}.', vi: 'Họ tên {outcome}: mức {grades}.' },
  date: { en: 'Date of birth {outcome}: grade {grades}.', vi: 'Ngày sinh {outcome}: mức {grades}.' },
  or: { en: ', or ', vi: ', hoặc ' },
  ceiling: {
    en: 'At most, for these grades: {ceilings}, by the strictness of the agreement.',
    vi: 'Tốt nhất với các mức này: {ceilings}, theo độ chặt của thỏa thuận.',
  },
  guessed: {
    en: 'The number had to be guessed, which has a stricter table.',
    vi: 'Số phải suy đoán, nên dùng bảng chặt hơn.',
  },
  weight: {
    en: 'The verdict is worse than that: number, name and date together weigh too little (VERIFIED takes {verified} bits, PROBABLE {probable}, {review} at review), because the name is common or much of it was lost; or the agreement is strict (exact).',
    vi: 'Kết luận thấp hơn mức đó: số, họ tên và ngày sinh cộng lại chưa đủ trọng lượng (VERIFIED cần {verified} bit, PROBABLE {probable}, ở mức review {review}), vì tên phổ biến hoặc bị mất mát nhiều; hoặc thỏa thuận ở độ chặt exact.',
  },
  number: {
    en: 'The verdict is worse than that: the number was cancelled or replaced and leads to no number in use, so a person has to look.',
    vi: 'Kết luận thấp hơn mức đó: số đã bị hủy hoặc thay mà không dẫn tới số đang dùng, nên cần cán bộ xem.',
  },
} as const satisfies Record<string, Words>;

/** Reasons of the reading of one name, before it is compared with any other. */
export const FOLDED_WORDS: Readonly<Partial<Record<Reason, Words>>> = {
  SPACING: { en: 'Spaces were made one between words.', vi: 'Giữa hai từ chỉ giữ một dấu cách.' },
  PUNCTUATION: {
    en: 'Hyphens, apostrophes or other signs were left out.',
    vi: 'Đã bỏ dấu gạch nối, dấu nháy hoặc dấu câu.',
  },
  TONE_PLACEMENT: {
    en: 'The tone mark was put in its usual place (hòa – hoà).',
    vi: 'Dấu thanh được đặt về vị trí thường dùng (hòa – hoà).',
  },
  I_Y_SPELLING: {
    en: 'The letter y was read as i, which it may be written for (Lý – Lí).',
    vi: 'Chữ y được đọc là i vì hai cách viết như nhau (Lý – Lí).',
  },
};

export const TITLES = {
  head: { en: '{file}, line {line}', vi: '{file}, dòng {line}' },
  cells: { en: 'As it stands in the file', vi: 'Nội dung trong tệp' },
  reading: { en: 'How it is read', vi: 'Cách đọc' },
  answer: { en: 'What the gateway answered', vi: 'Câu trả lời của cổng' },
  path: { en: 'How the verdict comes about', vi: 'Vì sao có kết luận này' },
  todo: { en: 'What to do', vi: 'Việc cần làm' },
  empty: { en: '(empty)', vi: '(trống)' },
  number: { en: 'Number', vi: 'Số giấy tờ' },
  name: { en: 'Name', vi: 'Họ tên' },
  date: { en: 'Date', vi: 'Ngày sinh' },
  verdict: { en: 'Verdict', vi: 'Kết luận' },
  score: { en: 'Score', vi: 'Điểm' },
  nameScore: { en: 'Name score', vi: 'Điểm họ tên' },
  reasons: { en: 'Reasons', vi: 'Lý do' },
  notices: { en: 'Notices', vi: 'Lưu ý' },
  asOf: { en: 'Register of', vi: 'CSDL dân cư lúc' },
  carried: { en: 'Carried', vi: 'Giữ lại' },
  carriedFrom: { en: 'unchanged from job {job}', vi: 'nguyên văn từ công việc {job}' },
} as const satisfies Record<string, Words>;

export const READING_WORDS = {
  plain: { en: 'Nothing had to be undone.', vi: 'Không phải sửa gì.' },
  key: {
    en: 'compared as "{key}" (case is no difference)',
    vi: 'so sánh dưới dạng "{key}" (không phân biệt hoa thường)',
  },
  noName: { en: 'no name that can be compared', vi: 'không có tên nào so sánh được' },
  bare: {
    en: 'It has not one mark: it is compared without marks, and says so.',
    vi: 'Tên không có dấu nào: so sánh không dấu, và nêu rõ.',
  },
  lost: {
    en: 'Letters are lost ("?"): those that are left must all agree.',
    vi: 'Có chữ cái bị mất ("?"): các chữ còn lại phải khớp hết.',
  },
  cut: {
    en: 'It is as long as the names of this file are cut: its front is enough.',
    vi: 'Tên dài đúng mức mà tệp này bị cắt: phần đầu là đủ.',
  },
  possible: {
    en: 'Where that is not the register\'s name, it is also read as "{text}": {why}',
    vi: 'Nếu không đúng với CSDL dân cư thì cũng đọc là "{text}": {why}',
  },
  more: { en: 'And as {n} more.', vi: 'Và {n} cách đọc khác.' },
  misshapen: {
    en: 'The record has more cells than the header: nothing of it was sent, because its cells may have shifted.',
    vi: 'Bản ghi có nhiều ô hơn tiêu đề: không gửi gì, vì các ô có thể đã bị lệch.',
  },
  unfit: {
    en: 'This answer does not fit the row as it reads now: the file was changed since, or is read otherwise than then (--encoding, --date-order and their like must be as they were).',
    vi: 'Câu trả lời này không khớp với dòng như đang đọc: tệp đã bị sửa sau đó, hoặc được đọc khác với lúc đối chiếu (--encoding, --date-order và các tùy chọn tương tự phải như cũ).',
  },
  newNumber: {
    en: 'The number now in use stands in the column current_id.',
    vi: 'Số đang dùng có ở cột current_id.',
  },
  band: {
    en: ' (a band of 20, where the agreement grants no exact score)',
    vi: ' (khoảng 20 điểm, nếu thỏa thuận không cho biết điểm chính xác)',
  },
  likeness: { en: '{n} of 99: how alike the names are', vi: '{n}/99: mức giống nhau của họ tên' },
  share: {
    en: '{n} of 99: the share of right people among rows of that weight',
    vi: '{n}/99: tỷ lệ đúng người trong các dòng có cùng trọng lượng',
  },
  profile: {
    en: 'By the matching profile {id}, version {version}; all of it: lienthong profile.',
    vi: 'Theo bộ quy tắc đối chiếu {id}, phiên bản {version}; toàn bộ: lienthong profile.',
  },
  answeredUnder: {
    en: 'The row was answered under {answered}: what is said of its reading may differ.',
    vi: 'Dòng này được trả lời theo {answered}: phần giải thích cách đọc có thể khác.',
  },
} as const satisfies Record<string, Words>;
