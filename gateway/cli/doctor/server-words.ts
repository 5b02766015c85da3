import type { FindingWords } from './finding-words.ts';

/** What the gateway says of itself, and as whom it knows this profile. */
export const SERVER_WORDS = {
  SERVER_OK: { en: 'Gateway {version} of {deployment} answers.', vi: 'Cổng {version} của {deployment} trả lời.' },
  SERVER_SAYS: { en: '{said}', vi: '{said}', nextEn: '{todo}', nextVi: '{todo}' },
  CALLER_UNKNOWN: {
    en: '{said}',
    vi: '{said}',
    nextEn:
      '{todo} Where it was answered before, or is enrolled, the fault is at the gateway: the operator sees it by "lienthong status --config config.json".',
    nextVi:
      '{todo} Nếu trước đây vẫn được trả lời, hoặc đã đăng ký, thì lỗi ở phía cổng: đơn vị vận hành xem bằng "lienthong status --config config.json".',
  },
  OFFICER_UNKNOWN: {
    en: 'The gateway knows no officer by this certificate.',
    vi: 'Cổng không biết cán bộ nào theo chứng thư này.',
    nextEn:
      'Whoever runs the gateway looks by "lienthong status --config config.json": where "officers" of its config does not name the keys of the first two, nobody is known there, agencies neither. Else this officer or certificate was not added yet, or was barred.',
    nextVi:
      'Người chạy cổng xem bằng "lienthong status --config config.json": nếu "officers" trong cấu hình không ghi khóa của hai cán bộ đầu tiên thì cổng không biết ai, kể cả các cơ quan. Nếu không phải vậy thì cán bộ hoặc chứng thư này chưa được thêm, hoặc đã bị chặn.',
  },
  IDENTITY_OK: { en: 'The gateway knows this certificate as {agency}.', vi: 'Cổng nhận chứng thư này là {agency}.' },
  IDENTITY_OTHER: {
    en: '{member} is "{ours}" in the profile and "{theirs}" at the gateway.',
    vi: '{member} là "{ours}" trong hồ sơ và "{theirs}" ở cổng.',
    nextEn: 'The profile is of another deployment or agency: take the right folder, or mend config.json.',
    nextVi: 'Hồ sơ của hệ thống hoặc cơ quan khác: hãy dùng đúng thư mục, hoặc sửa config.json.',
  },
} as const satisfies Record<string, FindingWords>;
