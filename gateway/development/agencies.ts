/** The agencies that every development deployment has. Their legal entities and agreements stand in `policies/`. */
import type { AgencyEntry } from './enrol.ts';

export interface DevelopmentAgency extends AgencyEntry {
  /** What its clients fill into the context of a request when nobody says anything. */
  readonly context: { readonly service_code: string; readonly unit_code: string; readonly officer_code: string };
}

export const DEVELOPMENT_AGENCIES: readonly DevelopmentAgency[] = [
  telco('viettel', 'LE-VIETTEL', 'Tập đoàn Công nghiệp - Viễn thông Quân đội', 'Viettel Group', 'VTT'),
  telco('mobifone', 'LE-MOBIFONE', 'Tổng công ty Viễn thông MobiFone', 'MobiFone Corporation', 'MBF'),
  telco('vinaphone', 'LE-VINAPHONE', 'Tổng công ty Dịch vụ Viễn thông', 'VNPT VinaPhone', 'VNP'),
  {
    code: 'bank-demo',
    legalEntity: 'LE-BANK-DEMO',
    nameVi: 'Ngân hàng Thử nghiệm',
    nameEn: 'Demo Bank',
    context: { service_code: 'mo-tai-khoan', unit_code: 'CN-HA-NOI', officer_code: 'GDV-0001' },
  },
  {
    code: 'citizen-page',
    legalEntity: 'LE-CITIZEN-PAGE',
    nameVi: 'Trang dành cho công dân (thử nghiệm)',
    nameEn: 'Citizens’ page (development)',
    context: { service_code: 'trang-cong-dan', unit_code: 'CONG-DAN', officer_code: 'TRANG-0001' },
  },
  {
    code: 'moh',
    legalEntity: 'LE-MOH',
    nameVi: 'Bộ Y tế',
    nameEn: 'Ministry of Health',
    context: { service_code: 'ho-so-nguoi-benh', unit_code: 'BV-BACH-MAI', officer_code: 'BS-0001' },
  },
  {
    code: 'bhxh',
    legalEntity: 'LE-BHXH',
    nameVi: 'Bảo hiểm xã hội Việt Nam',
    nameEn: 'Viet Nam Social Security',
    context: { service_code: 'ho-so-tham-gia', unit_code: 'BHXH-HA-NOI', officer_code: 'CV-0001' },
  },
];

function telco(code: string, legalEntity: string, nameVi: string, nameEn: string, prefix: string): DevelopmentAgency {
  const context = {
    service_code: 'xac-thuc-thue-bao',
    unit_code: `${prefix}-HA-NOI`,
    officer_code: `${prefix}-NV-0001`,
  };
  return { code, legalEntity, nameVi, nameEn, context };
}
