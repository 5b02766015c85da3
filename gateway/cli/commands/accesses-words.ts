/** What the commands about accesses say, in both languages. */
export const WORDS = {
  en: {
    rebuilding: 'Reading the log',
    entries: '{count} entries',
    rebuilt: '✓ The index of accesses is made anew of {entries} entries: {postings} uses of a person’s data',
    erased:
      '✓ Unlinked: the log key is destroyed, and {entries} entries do not name the person any more. Proofs that were handed out still verify.',
    erasedBefore: '✓ The log key was destroyed before; {entries} entries that still named the person do not any more.',
    own: 'Their consents, requests and receipts stay, and name no entry of the log any more; what remains: gateway/docs/retention.md.',
    waiting:
      '! {waiting} withdrawals or objections are not acknowledged yet and still name their own entry: run it again when they are.',
    fresh: 'What comes from now on is shown to the person again, who also reads on which day the rest was unlinked.',
    backups: 'Backups from before still hold the link: it ends with the last of them.',
    same: 'As many as the index before it had.',
    differed:
      '! The index before it had {before}: an earlier program made it, somebody wrote into it, or people were erased beside it.',
  },
  vi: {
    rebuilding: 'Đang đọc nhật ký',
    entries: '{count} bản ghi',
    rebuilt: '✓ Đã lập lại chỉ mục truy cập từ {entries} bản ghi: {postings} lượt sử dụng dữ liệu cá nhân',
    erased:
      '✓ Đã xóa liên kết: khóa nhật ký bị hủy, {entries} bản ghi không còn chỉ tới người này. Bằng chứng đã cấp vẫn kiểm tra được.',
    erasedBefore: '✓ Khóa nhật ký đã bị hủy từ trước; {entries} bản ghi còn sót không còn chỉ tới người này.',
    own: 'Sự đồng ý, yêu cầu và biên nhận của họ vẫn được giữ nhưng không còn chỉ tới bản ghi nào; những gì còn lại: gateway/docs/retention.md.',
    waiting:
      '! {waiting} lần rút lại hoặc phản đối chưa được xác nhận nên vẫn chỉ tới bản ghi của mình: hãy chạy lại khi đã xác nhận.',
    fresh:
      'Những lần sử dụng từ nay lại được hiện cho người này; người này cũng đọc được ngày các lần trước bị tách khỏi mình.',
    backups: 'Các bản sao lưu cũ vẫn còn liên kết: liên kết mất hẳn khi bản cuối cùng bị xóa.',
    same: 'Bằng số của chỉ mục trước đó.',
    differed:
      '! Chỉ mục trước đó có {before}: do phiên bản cũ lập, đã có người ghi vào chỉ mục, hoặc có người được xóa liên kết ngoài chỉ mục.',
  },
} as const;

/** What `accesses list` says. Outcomes by number: unspecified, released, compared, refused. */
export const LIST_WORDS = {
  en: {
    titles: ['When', 'Who', 'Fields', 'Purpose', 'Outcome'],
    outcomes: { 0: '', 1: 'values told', 2: 'compared', 3: 'refused' },
    unproven: '{outcome}; not certain who asked: the key may have been in other hands',
    complete: 'Complete up to position {position} of the log. Uses that a law does not let be shown yet: {delayed}.',
    unlinked: 'By an order of erasure the person was unlinked from the uses until {at}.',
  },
  vi: {
    titles: ['Thời điểm', 'Đơn vị', 'Trường', 'Mục đích', 'Kết quả'],
    outcomes: { 0: '', 1: 'đã cung cấp', 2: 'đã đối chiếu', 3: 'bị từ chối' },
    unproven: '{outcome}; không chắc ai đã hỏi: khóa có thể đã bị lộ',
    complete: 'Đầy đủ tới vị trí {position} của nhật ký. Số lượt pháp luật chưa cho phép hiển thị: {delayed}.',
    unlinked: 'Theo quyết định xóa, các lần sử dụng đến ngày {at} đã được tách khỏi người này.',
  },
} as const;
