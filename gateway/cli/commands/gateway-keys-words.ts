/** What `gateway-keys` says to people, in both languages. */
export const GATEWAY_KEYS_WORDS = {
  en: {
    version: 'Key set of version {version}',
    key: 'Key',
    state: 'State',
    use: 'In the config',
    states: { active: 'may sign', retired: 'signs no more; what it signed stands', compromised: '' },
    since: 'in other hands since {time}: what it signed from then on proves nothing',
    uses: { signing: 'signing_key', log: 'log.key' },
    created:
      '✓ The key set of {deployment}: {out}\nThe root, {root}, stays away from the gateways. {pinned} is pinned in each profile, and in the config as key_set_root.',
    storage:
      '✓ Keys that seal what the database keeps: {storage}, storage_keys of the config. Every gateway of the deployment has the same ones. Without them nobody reads the sealed columns, nor a backup’s: keep a copy under two persons’ control.',
    steps: {
      published: '✓ Set {version} tells of the next key, {kid}, which signs nothing yet.',
      switched: '✓ Answers are signed with {kid}.',
      ended: '✓ Set {version}: {kid} signs no more.',
    },
    headsSwitched: '✓ Heads of the log are signed with {kid}.',
    replaced:
      'Copy the set and the keys to the gateways, and start them. Then end what is lost: lienthong gateway-keys retire KID --root … --key-set …; where others may have it, compromised instead of retire.',
    notEnded:
      'At the root, once every gateway has switched and {seconds} seconds have passed: lienthong gateway-keys retire {old} --root … --key-set …',
  },
  vi: {
    version: 'Bộ khóa phiên bản {version}',
    key: 'Khóa',
    state: 'Tình trạng',
    use: 'Trong cấu hình',
    states: { active: 'được ký', retired: 'không ký nữa; những gì đã ký vẫn có giá trị', compromised: '' },
    since: 'lộ từ {time}: những gì ký từ lúc đó không có giá trị chứng minh',
    uses: { signing: 'signing_key', log: 'log.key' },
    created:
      '✓ Bộ khóa của {deployment}: {out}\nKhóa gốc, {root}, không để trên máy chạy cổng. {pinned} được ghim trong mỗi hồ sơ và trong cấu hình ở key_set_root.',
    storage:
      '✓ Khóa niêm phong dữ liệu trong cơ sở dữ liệu: {storage}, ghi ở storage_keys trong cấu hình. Mọi cổng của hệ thống dùng chung khóa này. Mất khóa thì không ai đọc được các cột niêm phong, kể cả trong bản sao lưu: giữ một bản do hai người kiểm soát.',
    steps: {
      published: '✓ Bộ khóa {version} đã công bố khóa kế tiếp, {kid}; khóa này chưa ký gì.',
      switched: '✓ Câu trả lời được ký bằng {kid}.',
      ended: '✓ Bộ khóa {version}: {kid} không ký nữa.',
    },
    headsSwitched: '✓ Mốc nhật ký được ký bằng {kid}.',
    replaced:
      'Chép bộ khóa và các khóa sang các cổng rồi khởi động. Sau đó thôi dùng khóa đã mất: lienthong gateway-keys retire KID --root … --key-set …; nếu người khác có thể có khóa đó thì dùng compromised thay cho retire.',
    notEnded:
      'Tại máy giữ khóa gốc, sau khi mọi cổng đã chuyển và {seconds} giây đã trôi qua: lienthong gateway-keys retire {old} --root … --key-set …',
  },
} as const;
