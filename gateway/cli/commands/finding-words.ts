/** What each finding of `status` says, in both languages. */
import type { Language } from '../../../connectors/kit/messages.ts';
import type { FindingName } from '../../operation/judge-status.ts';

export const FINDING_WORDS: Readonly<Record<FindingName, Readonly<Record<Language, string>>>> = {
  MIGRATIONS_PENDING: {
    en: '{count} migrations of the database are pending: run "lienthong migrate"',
    vi: 'còn {count} bước cập nhật lược đồ cơ sở dữ liệu: chạy "lienthong migrate"',
  },
  LOG_SMALLER: {
    en: 'the log is smaller than the head kept outside the database: nothing is disclosed until an officer has looked',
    vi: 'nhật ký ngắn hơn mốc lưu ngoài cơ sở dữ liệu: không cung cấp dữ liệu cho tới khi có cán bộ kiểm tra',
  },
  LOG_FORKED: {
    en: 'the log does not continue the head kept outside the database: nothing is disclosed until an officer has looked',
    vi: 'nhật ký không nối tiếp mốc lưu ngoài cơ sở dữ liệu: không cung cấp dữ liệu cho tới khi có cán bộ kiểm tra',
  },
  LOG_UNKEPT: {
    en: 'no head of the log is kept outside the database: verify it, then "lienthong audit keep-head"',
    vi: 'chưa lưu mốc nào của nhật ký ngoài cơ sở dữ liệu: kiểm tra rồi chạy "lienthong audit keep-head"',
  },
  NO_WORKER: { en: 'no gateway is running', vi: 'không có cổng nào đang chạy' },
  OWN_CERTIFICATE_ENDED: {
    en: 'a certificate of the gateway itself has ended',
    vi: 'chứng thư của chính cổng đã hết hạn',
  },
  GATEWAY_NOT_SERVING: {
    en: 'the gateway says that it does not serve',
    vi: 'cổng báo chưa sẵn sàng phục vụ',
  },
  RULES_ENDED: {
    en: "the rules' signature has ended: every call is refused until they are signed anew",
    vi: 'chữ ký của bộ quy tắc đã hết hạn: mọi lời gọi bị từ chối cho tới khi được ký lại',
  },
  RULES_REFUSED: {
    en: 'rules lie on the disk that do not count: the last good ones stay in use, and no gateway starts with these',
    vi: 'bộ quy tắc trên đĩa không có giá trị: cổng đang chạy giữ bộ cũ, và không cổng nào khởi động được với bộ này',
  },
  KEYS_REFUSED: {
    en: "keys of the gateway's own lie on the disk that do not fit: those in use stay, and no gateway starts with these",
    vi: 'khóa của chính cổng trên đĩa không khớp: cổng đang chạy giữ khóa cũ, và không cổng nào khởi động được với khóa này',
  },
  RULES_END: {
    en: "the rules' signature ends within 30 days: then every call is refused",
    vi: 'chữ ký của bộ quy tắc hết hạn trong vòng 30 ngày: khi đó mọi lời gọi bị từ chối',
  },
  OWN_CERTIFICATE_ENDS: {
    en: 'a certificate of the gateway itself ends within 30 days',
    vi: 'chứng thư của chính cổng hết hạn trong vòng 30 ngày',
  },
  AGENCY_KEY_ENDS: {
    en: '{count} signing keys of agencies end within 30 days, or have ended',
    vi: '{count} khóa ký của cơ quan hết hạn trong vòng 30 ngày hoặc đã hết hạn',
  },
  AGENCY_CERTIFICATE_ENDS: {
    en: '{count} certificates of agencies end within 30 days, or have ended',
    vi: '{count} chứng thư của cơ quan hết hạn trong vòng 30 ngày hoặc đã hết hạn',
  },
  AGREEMENT_ENDS: {
    en: '{count} agreements end within 30 days, or have ended',
    vi: '{count} thỏa thuận hết hiệu lực trong vòng 30 ngày hoặc đã hết hiệu lực',
  },
  RAISE_ENDS: {
    en: '{count} raised limits fall back within 7 days: what is to last longer, two officers prolong, or the next version of the agreement says',
    vi: '{count} hạn mức được nâng sẽ trở lại mức cũ trong vòng 7 ngày: muốn kéo dài thì hai cán bộ gia hạn, hoặc ghi vào phiên bản kế tiếp của thỏa thuận',
  },
  COMMITS_UNSAFE: {
    en: 'switched off in the database server: {names}. What was committed may be lost when its machine fails',
    vi: 'máy chủ cơ sở dữ liệu đang tắt: {names}. Dữ liệu đã ghi có thể mất khi máy gặp sự cố',
  },
  DATABASE_LOG_QUOTES: {
    en: 'settings of the database server bring values of statements, which are personal data, into its log: {names} (what to set: gateway/docs/database.md)',
    vi: 'thiết lập của máy chủ cơ sở dữ liệu khiến giá trị của câu lệnh, tức dữ liệu cá nhân, bị ghi vào nhật ký của nó: {names} (cách đặt: gateway/docs/database.md)',
  },
  HEAD_SWOLLEN: {
    en: 'The row that all appends lock has {count} pages of versions, read by each while somebody holds an old snapshot or an old transaction that has written, in any database of the server (pg_stat_activity.backend_xmin and backend_xid, a replication slot, a backup); once that is gone, VACUUM FULL log_head takes milliseconds',
    vi: 'Dòng mà mọi lần ghi phải khóa có {count} trang phiên bản cũ, mỗi lần ghi đều đọc khi còn phiên giữ ảnh chụp cũ hoặc giao dịch cũ đã ghi, ở bất kỳ cơ sở dữ liệu nào của máy chủ (pg_stat_activity.backend_xmin và backend_xid, replication slot, sao lưu); khi phiên đó đã kết thúc, VACUUM FULL log_head chỉ mất vài mili giây',
  },
  LEASES_OVER: {
    en: '{count} gateways are gone without giving back their lease',
    vi: '{count} cổng đã mất mà không trả lại quyền ghi',
  },
  JOBS_PAUSED: {
    en: '{count} jobs are paused: too many of their rows match nobody. Their agencies name them; two officers look, and let one go on ("lienthong release ID")',
    vi: '{count} công việc bị tạm dừng: quá nhiều dòng không khớp với ai. Cơ quan chủ công việc cho biết mã; hai cán bộ xem xét rồi cho chạy tiếp ("lienthong release ID")',
  },
  METHODS_LACKED: {
    en: 'the agreement operator-administration lacks methods of this version, which no officer can call: {names}. Have its next version signed ("lienthong agreement show operator-administration --next --out FILE")',
    vi: 'thỏa thuận operator-administration thiếu các phương thức của phiên bản này nên không cán bộ nào gọi được: {names}. Cần ký phiên bản kế tiếp ("lienthong agreement show operator-administration --next --out FILE")',
  },
  ISSUERS_NONE: {
    en: 'people have consented, and nobody counts who may sign on their behalf: whatever they do now, withdrawals too, is refused until two officers admit an issuer ("lienthong issuer admit")',
    vi: 'đã có người đồng ý, nhưng không có bên phát hành nào được ký thay cho người dân: mọi thao tác của họ, kể cả rút lại, bị từ chối cho tới khi hai cán bộ kết nạp một bên phát hành ("lienthong issuer admit")',
  },
  AGREEMENTS_WAIT: {
    en: '{count} agreements have not begun yet: until then their agencies have none for that purpose',
    vi: '{count} thỏa thuận chưa bắt đầu: tới lúc đó cơ quan liên quan chưa có thỏa thuận cho mục đích ấy',
  },
  AGREEMENTS_FELL: {
    en: '{count} agreements count no longer, since an officer who signed them was barred: have their next versions signed ("lienthong agreement list" counts them)',
    vi: '{count} thỏa thuận không còn hiệu lực vì cán bộ đã ký bị chặn: cần ký phiên bản kế tiếp ("lienthong agreement list" nêu số lượng)',
  },
  DECISIONS_FELL: {
    en: '{count} decisions or extensions of persons’ matters count no longer: their officer was barred or the key was lost, and the log does not prove that it had them before. What they decided waits again ("lienthong matter list")',
    vi: '{count} quyết định hoặc gia hạn về yêu cầu của công dân không còn giá trị: cán bộ đã bị chặn hoặc khóa đã lộ, và nhật ký không chứng minh chúng có từ trước đó. Các yêu cầu ấy chờ giải quyết lại ("lienthong matter list")',
  },
  ROWS_IGNORED: {
    en: '{count} rows stand in the database and count for nothing: somebody wrote agreements, acts, officers or decisions of persons’ matters past the officers, or "officers" of this config does not name the keys of the first ones ("lienthong agreement list" names agreements and acts).',
    vi: '{count} dòng trong cơ sở dữ liệu không có giá trị: có người ghi thỏa thuận, văn bản, cán bộ hoặc quyết định về yêu cầu của công dân mà không qua các cán bộ, hoặc mục "officers" của cấu hình này không nêu khóa của các cán bộ đầu tiên ("lienthong agreement list" nêu rõ thỏa thuận và văn bản).',
  },
  GUESSES_CROSS: {
    en: 'of {count} fields of people several legal entities asked wrong values again and again in the last 30 days',
    vi: 'trong 30 ngày qua, {count} trường thông tin của công dân bị nhiều tổ chức hỏi đi hỏi lại với giá trị sai',
  },
  MISSES_OF_DAY: {
    en: '{count} legal entities tried too many numbers today that match nobody: their further jobs wait for two officers ("lienthong release")',
    vi: 'hôm nay {count} tổ chức đã thử quá nhiều số không khớp với ai: các công việc tiếp theo của họ chờ hai cán bộ ("lienthong release")',
  },
  OFFICERS_FEW: {
    en: 'no proposer and approver count for two now: nothing that takes two can be done ("lienthong officer list" says who does not count with whom, for 30 days)',
    vi: 'hiện không có người đề xuất và người phê duyệt đủ điều kiện cùng ký: mọi việc cần hai cán bộ đều dừng ("lienthong officer list" cho biết ai chưa cùng ký với ai, trong 30 ngày)',
  },
  OFFICERS_UNNAMED: {
    en: '"officers" of the config names none of the officers that there are: nobody is served. It takes the thumbprints of the keys of the first two',
    vi: '"officers" trong cấu hình không nêu cán bộ nào đang có: mọi lời gọi đều bị từ chối. Mục này cần dấu khóa của hai cán bộ đầu tiên',
  },
  OFFICERS_ONE_PAIR: {
    en: 'all pairs of a proposer and an approver who count for two share an officer: with that one gone, nothing that takes two can be done. Have two more officers made, by the same two: they count together at once',
    vi: 'mọi cặp cán bộ đủ điều kiện cùng ký đều có chung một người: thiếu người đó thì mọi việc cần hai cán bộ đều dừng. Hãy để cùng hai cán bộ lập thêm hai người: hai người mới cùng ký được ngay',
  },
  PROPOSALS_END: {
    en: '{count} proposals of officers end within 3 days unless another officer decides ("lienthong proposal list")',
    vi: '{count} đề xuất của cán bộ hết hạn trong vòng 3 ngày nếu không có cán bộ khác quyết định ("lienthong proposal list")',
  },
  HEAD_WAITS: {
    en: 'a head of the log cannot be kept outside the database: after 30 s nothing is disclosed',
    vi: 'không lưu được mốc nhật ký ra ngoài cơ sở dữ liệu: sau 30 giây sẽ ngừng cung cấp dữ liệu',
  },
  ACCESSES_BEHIND: {
    en: '{count} entries of the log have been waiting for over a minute to be in the lists of accesses that people are shown',
    vi: '{count} bản ghi nhật ký chờ hơn một phút để vào danh sách truy cập mà công dân được xem',
  },
  MATTERS_UNLISTED: {
    en: '{count} matters of persons wait, and no list of what waits has them: somebody deleted them there by SQL, or a gateway of before took them. A gateway that runs puts them back; find out who writes into the database',
    vi: '{count} yêu cầu của công dân đang chờ nhưng không có trong danh sách chờ nào: có người xóa bằng SQL, hoặc do cổng bản trước tiếp nhận. Cổng đang chạy sẽ đưa chúng trở lại; cần tìm ai đã ghi vào cơ sở dữ liệu',
  },
  MATTERS_OVERDUE: {
    en: '{count} matters of persons (withdrawals, restrictions, objections, requests) are past the end of their legal clock',
    vi: '{count} yêu cầu của công dân (rút lại, hạn chế, phản đối, đề nghị) đã quá thời hạn luật định',
  },
  MATTERS_DUE: {
    en: 'the legal clock of {count} matters of persons ends within two working days',
    vi: 'thời hạn luật định của {count} yêu cầu của công dân hết trong vòng hai ngày làm việc',
  },
  RETENTION_OVERDUE: {
    en: '{count} rows are kept beyond their time ("lienthong retention show" names the kinds, "lienthong retention run" ends what only an operator may)',
    vi: '{count} dòng được giữ quá thời hạn ("lienthong retention show" nêu từng loại, "lienthong retention run" xử lý phần chỉ đơn vị vận hành được làm)',
  },
  GATEWAY_GONE: {
    en: "nobody listens where the gateway's metrics are read: it does not run",
    vi: 'không có ai trả lời tại nơi đọc số đo của cổng: cổng không chạy',
  },
  METRICS_AWAY: { en: "the gateway's metrics cannot be read", vi: 'không đọc được số đo của cổng' },
};
