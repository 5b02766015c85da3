import { expect, test } from 'vitest';
import { readsLikeName } from './like-a-name.ts';

test.each([
  ...[
    'NguyenVanAn',
    'NguyenVanAn-901',
    'nguyen-van-an',
    'NGUYEN_VAN_AN',
    'HS-TranThiBich',
    'tran.thi.thu.huong',
    '45/lethihoa',
  ],
])('%j reads like a name', (code) => expect(readsLikeName(code)).toBe(true));

test.each([
  ...[
    '',
    'HN-CN12',
    'VTT-HUE',
    'VTT-HA-NOI',
    'HA-NAM',
    'BV-BACH-MAI',
    'BHXH-HA-NOI',
    'CONG-DAN',
    'VAN-HANH',
    'TP-HO-CHI-MINH',
  ],
  ...[
    'ho-so-nguoi-benh',
    'ho-so-tham-gia',
    'mo-tai-khoan',
    'trang-cong-dan',
    'xac-thuc-thue-bao',
    'quan-tri',
    'dang-ky-ket-hon',
  ],
  ...[
    'subscriber-verification',
    'customer-record',
    'patient-record',
    'SIM-REG-01',
    'KCB-01',
    '1.011442.000.00.00.H38',
    'BV-NGUYEN-TRI-PHUONG',
  ],
])('%j reads like a code', (code) => expect(readsLikeName(code)).toBe(false));
