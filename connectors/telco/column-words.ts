/** What telcos call their columns, in Vietnamese and English, without marks, case and what stands between the words. */

export type ColumnName = 'row_id' | 'msisdn' | 'id_number' | 'full_name' | 'date_of_birth';

const WORDS: Readonly<Record<ColumnName, string>> = {
  msisdn:
    'msisdn, isdn, so thue bao, thue bao, stb, so tb, so dien thoai, dien thoai, sdt, so dt, di dong, so may, phone, phone number, phone no, mobile, mobile number, tel, subscriber number',
  id_number:
    'id number, id no, id card, id card number, so gttt, gttt, so giay to, giay to tuy than, so giay to tuy than, cccd, so cccd, can cuoc, so can cuoc, can cuoc cong dan, cmnd, so cmnd, cmt, so cmt, cmtnd, cmnd cccd, so cmnd cccd, cccd cmnd, so dinh danh, dinh danh, so dinh danh ca nhan, ddcn, so ddcn, personal id, national id, identity number, citizen id',
  full_name:
    'full name, fullname, name, ho ten, ho va ten, ho ten khach hang, ten khach hang, ten kh, ho ten kh, ten chu thue bao, ho ten chu thue bao, chu thue bao, ten thue bao, customer name, subscriber name, owner name, holder name, khach hang',
  date_of_birth:
    'date of birth, dob, birth date, birthdate, birthday, birth, ngay sinh, ngay thang nam sinh, nam sinh, ntns, sinh ngay, ngaysinh, ngay sinh kh',
  row_id:
    'row id, rowid, id, stt, so thu tu, tt, ma, ma kh, ma khach hang, ma thue bao, ma ban ghi, ma hop dong, so hop dong, key, record id, record, no, customer id, subscriber id, cust id, sub id, contract no, account',
};

/** Words of columns that look like one of these by their cells and are another: dates of issue, kinds of papers, places. */
const OTHERS =
  'ngay cap, noi cap, ngay het han, het han, hieu luc, kich hoat, dang ky, ngay tao, cap nhat, loai, quoc tich, gioi tinh, dia chi, tinh, huyen, xa, trang thai, goi cuoc, serial, imsi, imei, nguoi nhap, giao dich vien, dai ly, cua hang, nhan vien, nguoi dai dien, issue, issued, expiry, expire, activation, activated, created, updated, registration, type, status, address, province, nationality, sex, gender, user, dealer, agent, shop, staff';

const squash = (text: string): string => text.replaceAll(' ', '');
const KNOWN = new Map<string, ColumnName>(
  (Object.entries(WORDS) as [ColumnName, string][]).flatMap(([name, words]) =>
    words.split(', ').map((word): [string, ColumnName] => [squash(word), name]),
  ),
);
const PARTS = [...KNOWN].filter(([word]) => word.length >= 4).sort(([a], [b]) => b.length - a.length);
const OTHER = OTHERS.split(', ');
/** A part of a name in a column of its own: `Họ và tên đệm`, `Họ`, `LAST_NAME`. A bare `Tên` may hold the whole. */
const PART_OF_NAME =
  /^(?:ho|(?:ho(?:va)?(?:ten|chu)?|ten|chu)?(?:dem|lot)(?:kh|khachhang)?)$|(?:first|last|middle|given|family|sur)names?(?:ho|ten|hodem|tendem)?$/;

/** `SoGTTT`, `SỐ_GTTT`, `số gttt` → `so gttt`. */
export function foldHeader(header: string): string {
  return header
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Whether a column holds only a part of each name, by what it is called. */
export function isPartOfName(header: string): boolean {
  return PART_OF_NAME.test(squash(foldHeader(header)));
}

/** What a header says of its column: by all of it, by a part, or that it is another column. */
export function headerSays(header: string): {
  readonly name: ColumnName | undefined;
  readonly sure: boolean;
  readonly other: boolean;
} {
  const words = foldHeader(header);
  const whole = KNOWN.get(squash(words));
  if (whole !== undefined) return { name: whole, sure: true, other: false };
  const other = isPartOfName(header) || OTHER.some((word) => ` ${words} `.includes(` ${word} `));
  if (other) return { name: undefined, sure: false, other };
  const part = PARTS.find(([word]) => squash(words).includes(word));
  return { name: part?.[1], sure: false, other: false };
}
