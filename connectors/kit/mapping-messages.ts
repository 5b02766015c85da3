/** What can be wrong with how a file is said to be read: a part of the kit's closed reasons. */
export const MAPPING_MESSAGES = {
  MAPPING_WRONG: {
    exit: 'USAGE',
    en: '{file}: {member} is wrong ({wanted}). Write it anew with: lienthong telco inspect.',
    vi: '{file}: {member} không đúng ({wanted}). Tạo lại bằng: lienthong telco inspect.',
  },
  MAPPING_STALE: {
    exit: 'USAGE',
    en: '{mapping} says {said}, but {file} shows {found}, so that it was written of another file: look at this one (lienthong telco inspect {file} --out {mapping}), or read it without (--no-mapping).',
    vi: '{mapping} ghi {said}, nhưng {file} cho thấy {found}, nên tệp ánh xạ này thuộc một tệp khác: hãy xem lại tệp (lienthong telco inspect {file} --out {mapping}), hoặc đọc không dùng ánh xạ (--no-mapping).',
  },
  MAPPING_DOUBTFUL: {
    exit: 'USAGE',
    en: 'The column {column} is doubtful as {member} ({problem}): nobody was asked about. SAME_COLUMN: it is another one already; OTHER_CELLS: fewer than half of its different cells can be that; YEARS_OF_PAPERS: half of its dates are of later years than births. Name the right one (in the mapping, or --columns {member}=YOUR_NAME), or say that it is meant (--mapping-believed).',
    vi: 'Cột {column} đáng ngờ khi dùng làm {member} ({problem}): chưa hỏi về ai. SAME_COLUMN: đã dùng cho cột khác; OTHER_CELLS: chưa đến nửa số giá trị khác nhau có thể là loại này; YEARS_OF_PAPERS: một nửa số ngày thuộc những năm quá muộn so với ngày sinh. Hãy nêu đúng cột (trong tệp ánh xạ, hoặc --columns {member}=TÊN_CỘT), hoặc xác nhận là đúng ý (--mapping-believed).',
  },
} as const;
