import { defineConnector } from '../kit/define-connector.ts';
import { RESULT_HEADER } from '../kit/result-lines.ts';
import { mapSubscriber, slimForm } from './mapping.ts';

/**
 * A telco's subscribers against the population register: number, name and date of birth (Circular 08/2026, which
 * demands that a subscription's holder is matched and that the proof is kept for the subscription's life).
 */
export const telco = defineConnector({
  name: 'telco',
  purpose: 'subscriber-verification',
  en: 'Verifies a file of subscribers against the population register',
  vi: 'Đối chiếu tệp thuê bao với Cơ sở dữ liệu quốc gia về dân cư',
  columns: [
    {
      name: 'row_id',
      use: 'echo',
      en: "The telco's own key of the record; comes back as read",
      vi: 'Khóa bản ghi của nhà mạng; trả lại nguyên văn',
      example: '17',
    },
    {
      name: 'msisdn',
      use: 'echo',
      en: "The subscription's number; comes back as read and is never sent",
      vi: 'Số thuê bao; trả lại nguyên văn, không gửi đi',
      example: '0912345678',
    },
    {
      name: 'id_number',
      use: 'match',
      field: 'personal_id',
      en: 'Personal ID (12 digits) or old identity card number (9 digits)',
      vi: 'Số định danh cá nhân (12 số) hoặc số CMND cũ (9 số)',
      example: '901085000017',
    },
    {
      name: 'full_name',
      use: 'match',
      field: 'full_name',
      en: 'Name of the holder, in any spelling of the published profile',
      vi: 'Họ và tên chủ thuê bao, theo mọi cách viết của bộ quy tắc đã công bố',
      example: 'NGUYỄN VĂN AN',
    },
    {
      name: 'date_of_birth',
      use: 'match',
      field: 'date_of_birth',
      en: 'Date of birth: a day, a month and year, or a year',
      vi: 'Ngày sinh: đủ ngày tháng năm, tháng năm, hoặc chỉ năm',
      example: '1985-03-27',
    },
  ],
  output: RESULT_HEADER,
  map: mapSubscriber,
  slimForm,
});
