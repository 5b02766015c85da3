/** What the commands about accesses say, in both languages. */
export const WORDS = {
  en: {
    rebuilding: 'Reading the log',
    entries: '{count} entries',
    rebuilt: '✓ The index of accesses is made anew of {entries} entries: {postings} uses of a person’s data',
    same: 'As many as the index before it had.',
    differed: '! The index before it had {before}: somebody wrote into it, or people were erased beside it.',
  },
  vi: {
    rebuilding: 'Đang đọc nhật ký',
    entries: '{count} mục',
    rebuilt: '✓ Đã lập lại chỉ mục truy cập từ {entries} mục: {postings} lượt sử dụng dữ liệu cá nhân',
    same: 'Bằng số của chỉ mục trước đó.',
    differed:
      '! Chỉ mục trước đó có {before}: đã có người ghi vào chỉ mục, hoặc có người được xóa liên kết ngoài chỉ mục.',
  },
} as const;
