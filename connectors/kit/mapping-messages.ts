/** What can be wrong with how a file is said to be read: a part of the kit's closed reasons. */
export const MAPPING_MESSAGES = {
  MAPPING_WRONG: {
    exit: 'USAGE',
    en: '{file}: {member} is wrong ({wanted}). Write it anew with: lienthong telco inspect.',
    vi: '{file}: {member} không đúng ({wanted}). Tạo lại bằng: lienthong telco inspect.',
  },
  MAPPING_STALE: {
    exit: 'USAGE',
    en: '{mapping} says {said}, but {file} is {found}, so that it was written of another file: look at this one (lienthong telco inspect {file} --out {mapping}), or read it without (--no-mapping).',
    vi: '{mapping} ghi {said}, nhưng {file} là {found}, nên tệp ánh xạ này thuộc một tệp khác: hãy xem lại tệp (lienthong telco inspect {file} --out {mapping}), hoặc đọc không dùng ánh xạ (--no-mapping).',
  },
} as const;
