/** What can go wrong with the files that a run writes, and with what it keeps for the next: a part of the kit's closed reasons. */
export const OUTPUT_MESSAGES = {
  STATE_DAMAGED: {
    exit: 'USAGE',
    en: 'What was kept of the earlier run ({file}) does not fit the results written: remove {file} and run again from the start.',
    vi: 'Trạng thái của lần chạy trước ({file}) không khớp kết quả đã ghi: hãy xóa {file} và chạy lại từ đầu.',
  },
  STATE_UNREADABLE: {
    exit: 'USAGE',
    en: 'Cannot read {file}, which an earlier run kept ({problem}): mend that, or put back a copy of the file. Once it is removed, all begins as if nothing had been kept.',
    vi: 'Không đọc được {file} mà lần chạy trước đã lưu ({problem}): hãy khắc phục, hoặc khôi phục tệp từ bản sao. Nếu xóa tệp, mọi việc bắt đầu như chưa từng lưu gì.',
  },
  STATE_UNWRITABLE: {
    exit: 'USAGE',
    en: 'Cannot write {file} ({problem}), which the next run needs: let this user write there. The state of a profile may be kept elsewhere: "state": "file:FOLDER" in its config.json.',
    vi: 'Không ghi được {file} ({problem}) mà lần chạy sau cần đến: hãy cho người dùng này ghi vào đó. Có thể lưu trạng thái của hồ sơ ở nơi khác: "state": "file:THƯ_MỤC" trong config.json.',
  },
  OUTPUT_UNFINISHED: {
    exit: 'USAGE',
    en: '{file} keeps {rows} answered rows of a run that is not finished, of another file or with other options ({differs}): run with that file and those options to go on, or give another --out, or remove {file} to give those rows up.',
    vi: '{file} đang giữ {rows} dòng đã có câu trả lời của một lần chạy chưa xong, với tệp khác hoặc tùy chọn khác ({differs}): hãy chạy với đúng tệp và tùy chọn đó để tiếp tục, hoặc chọn --out khác, hoặc xóa {file} nếu bỏ các dòng ấy.',
  },
  OUTPUT_COMPLETE: {
    exit: 'USAGE',
    en: '{file} holds job {job} complete, {rows} rows: give another --out, or --replace if these results and their receipt, their only proof, may go.',
    vi: '{file} đang giữ trọn kết quả của công việc {job}, {rows} dòng: hãy chọn --out khác, hoặc thêm --replace nếu có thể bỏ kết quả này và biên nhận, bằng chứng duy nhất của nó.',
  },
  OUTPUT_BUSY: {
    exit: 'USAGE',
    en: 'Another run is writing {file} (process {pid}): wait for it, or give another --out.',
    vi: 'Một tiến trình khác đang ghi {file} (tiến trình {pid}): hãy chờ, hoặc chọn --out khác.',
  },
  OUTPUT_UNWRITABLE: {
    exit: 'USAGE',
    en: 'Cannot write {file} ({code}): see that its folder is there, and that this user may write into it.',
    vi: 'Không ghi được {file} ({code}): hãy kiểm tra thư mục có ở đó và người dùng này ghi được vào đó.',
  },
  DISK_FULL: {
    exit: 'UNAVAILABLE',
    en: 'No room on the disk for {file}: make room and run the same command again; it goes on where it was.',
    vi: 'Đĩa không còn chỗ cho {file}: hãy giải phóng dung lượng rồi chạy lại đúng lệnh này; công việc tiếp tục từ chỗ dừng.',
  },
  OUTPUT_IS_INPUT: {
    exit: 'USAGE',
    en: '{file} would be written over {input}, which is read: name another file for what is written.',
    vi: '{file} sẽ ghi đè {input} là tệp đang được đọc: hãy chọn tệp khác để ghi.',
  },
  OUTPUT_IS_FOLDER: {
    exit: 'USAGE',
    en: '{file} is a folder: name a file in it.',
    vi: '{file} là thư mục: hãy chỉ ra một tệp trong đó.',
  },
  OUTPUT_IS_LINK: {
    exit: 'USAGE',
    en: '{file} is a symbolic link, which a file would replace: name the file that it leads to.',
    vi: '{file} là liên kết tượng trưng và sẽ bị thay bằng tệp: hãy chỉ ra tệp mà liên kết trỏ tới.',
  },
  OUTPUT_IS_SPECIAL: {
    exit: 'USAGE',
    en: '{file} is a pipe or a device, which a file would replace: name a file, or "-" for standard output.',
    vi: '{file} là ống hoặc thiết bị và sẽ bị thay bằng tệp: hãy chỉ ra một tệp, hoặc "-" cho đầu ra chuẩn.',
  },
} as const;
