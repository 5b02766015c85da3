/** What can be wrong with a receipt: a part of the kit's closed reasons. What it says of itself is not proven yet where it is another's. */
export const RECEIPT_MESSAGES = {
  RECEIPT_WRONG: {
    exit: 'USAGE',
    en: '{file} is not a receipt of this program.',
    vi: '{file} không phải biên nhận của chương trình này.',
  },
  RECEIPT_OTHER_AGENCY: {
    exit: 'USAGE',
    en: '{file} says that it was given to {found}, and the receipt of {wanted} is wanted: take the profile of {found} (--profile), or a receipt of {wanted}.',
    vi: '{file} ghi là cấp cho {found}, nhưng cần biên nhận của {wanted}: hãy dùng hồ sơ kết nối của {found} (--profile), hoặc biên nhận của {wanted}.',
  },
  RECEIPT_OTHER_DEPLOYMENT: {
    exit: 'USAGE',
    en: '{file} says that it is of the deployment {found}, and one of {wanted} is wanted: take the profile for {found} (--profile), or a receipt of {wanted}.',
    vi: '{file} ghi là của hệ thống {found}, nhưng cần biên nhận của {wanted}: hãy dùng hồ sơ kết nối với {found} (--profile), hoặc biên nhận của {wanted}.',
  },
  RECEIPT_OTHER_LOG: {
    exit: 'USAGE',
    en: '{file} is of the log {found}, and one of {wanted} is wanted: take the profile for {found} (--profile), or mend "log_origin" in its config.json.',
    vi: '{file} thuộc nhật ký {found}, nhưng cần biên nhận thuộc {wanted}: hãy dùng hồ sơ kết nối với {found} (--profile), hoặc sửa "log_origin" trong config.json của hồ sơ.',
  },
} as const;
