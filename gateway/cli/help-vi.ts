/** The help in Vietnamese: each English text of a command, argument or option beside its translation. */
import type { Command } from 'commander';
import { ENCODINGS } from '../../connectors/kit/decode/encodings.ts';
import { HELP_FORM_VI } from './help-form.ts';
import { HELP_VI_OFFICERS } from './help-vi-officers.ts';

export const HELP_VI: Readonly<Record<string, string>> = {
  ...HELP_VI_OFFICERS,
  'Liên Thông: verify against, read from and prove the answers of the population register':
    'Liên Thông: đối chiếu, đọc và chứng minh câu trả lời của Cơ sở dữ liệu quốc gia về dân cư',
  'output the version number': 'in số phiên bản',
  'display help for command': 'xem hướng dẫn của lệnh',
  'language of messages (default: by LANG)': 'ngôn ngữ thông báo (mặc định: theo LANG)',
  'results for programs on standard output': 'kết quả dạng JSON ở đầu ra chuẩn, cho chương trình',
  "the agency's profile folder (default: LIENTHONG_PROFILE)":
    'thư mục hồ sơ kết nối của cơ quan (mặc định: LIENTHONG_PROFILE)',
  "one of the profile's purposes (default: subscriber-verification)":
    'một trong các mục đích của hồ sơ kết nối (mặc định: subscriber-verification)',
  "one of the profile's purposes (default: the first)": 'một trong các mục đích của hồ sơ kết nối (mặc định: thứ nhất)',
  "the gateway's config file": 'tệp cấu hình của cổng',
  'data folder of the deployment': 'thư mục dữ liệu của hệ thống',
  'data folder of the deployment; it may be running': 'thư mục dữ liệu của hệ thống; hệ thống có thể đang chạy',
  'data folder of a development deployment': 'thư mục dữ liệu của hệ thống phát triển',
  'the whole thing once, on invented people: register, gateway, a telco’s file answered and proven':
    'chạy trọn một lần với người giả lập: CSDL dân cư, cổng, tệp thuê bao được trả lời và chứng minh',
  'people in the register (default: 200,000)': 'số người trong CSDL dân cư (mặc định: 200.000)',
  "rows of the telco's file (default: 50,000)": 'số dòng trong tệp của nhà mạng (mặc định: 50.000)',
  'keep database, keys and profiles in lienthong-demo/data':
    'giữ lại cơ sở dữ liệu, khóa và hồ sơ trong lienthong-demo/data',
  'keep the gateway and the citizen’s page running at the end, until Ctrl-C':
    'cuối cùng vẫn chạy cổng và trang công dân, cho tới khi bấm Ctrl-C',
  'the citizen’s page of a development deployment, on loopback, until Ctrl-C':
    'trang công dân của hệ thống phát triển, chỉ trên máy này, cho tới khi bấm Ctrl-C',
  'port on loopback; 0 for any (default: 7480)': 'cổng mạng trên máy này; 0: bất kỳ (mặc định: 7480)',
  'a person’s own proof of who looked, as the citizen’s page gives it':
    'bằng chứng của một người về việc ai đã xem, do trang công dân đưa ra',
  'checks it by the log’s key alone, without a gateway': 'kiểm tra chỉ bằng khóa của nhật ký, không cần cổng',
  'the proof, as it was downloaded': 'tệp bằng chứng đã tải về',
  'public key of the log, PEM': 'khóa công khai của nhật ký, PEM',
  'name of the log, for example lienthong.dev/dev-k3v9q2xa': 'tên nhật ký, ví dụ lienthong.dev/dev-k3v9q2xa',
  'keep them in this folder instead; used again by the next demo and by "dev up"':
    'giữ lại trong thư mục này; lần demo sau và "dev up" dùng tiếp',
  'a development deployment with everything embedded': 'hệ thống phát triển, mọi thứ nhúng sẵn',
  'starts PostgreSQL and the gateway, makes keys and agencies, and keeps running until Ctrl-C':
    'khởi động PostgreSQL và cổng, tạo khóa và các cơ quan, chạy cho tới khi bấm Ctrl-C',
  'folder that keeps everything; made when missing': 'thư mục lưu mọi thứ; tạo mới nếu chưa có',
  'port on loopback; 0 for any (default: 7443)': 'cổng mạng trên máy này; 0: bất kỳ (mặc định: 7443)',
  'bars an agency at once; jobs that are running stop': 'chặn ngay một cơ quan; các công việc đang chạy dừng lại',
  'code, for example viettel': 'mã cơ quan, ví dụ viettel',
  'the population register': 'CSDL dân cư',
  'imports persons.csv; rows that break a rule go to a file of rejects, importing again changes nothing':
    'nhập persons.csv; dòng sai quy tắc được ghi vào tệp loại ra, nhập lại không thay đổi gì',
  'persons.csv': 'persons.csv',
  'where rejects go (default: persons.rejects.csv beside the file)':
    'tệp ghi các dòng bị loại (mặc định: persons.rejects.csv cạnh tệp nhập)',
  "a telco's connector": 'kết nối của nhà mạng',
  'verifies a file of subscribers: one line in the results for every row, and a receipt that proves them':
    'đối chiếu tệp thuê bao: mỗi dòng một kết quả, kèm biên nhận chứng minh',
  'CSV or XLSX with the columns row_id, msisdn, id_number, full_name, date_of_birth; "-": standard input':
    'CSV hoặc XLSX có các cột row_id, msisdn, id_number, full_name, date_of_birth; "-": đầu vào chuẩn',
  'results; the receipt goes to <file>.receipt; "-": standard output':
    'tệp kết quả; biên nhận ở <file>.receipt; "-": đầu ra chuẩn',
  'results of a whole job that stand there, and their receipt, may go':
    'được bỏ kết quả của một công việc đã xong đang ở đó, cùng biên nhận',
  'also a workbook beside the results: the rows that need work, in words':
    'thêm bảng tính cạnh tệp kết quả: các dòng cần xử lý, bằng lời',
  'also a workbook beside the results: all rows, in words': 'thêm bảng tính cạnh tệp kết quả: mọi dòng, bằng lời',
  'only the first n rows': 'chỉ n dòng đầu',
  'asks only about rows that are new or changed since this job: its id or its results file':
    'chỉ hỏi các dòng mới hoặc đã thay đổi so với công việc này: mã công việc hoặc tệp kết quả của nó',
  'with --changed-since: asks again where the answer is older, since a person may have died (default: 30d)':
    'khi dùng --changed-since: hỏi lại nếu câu trả lời cũ hơn, vì chủ thuê bao có thể đã chết (mặc định: 30d)',
  'with --changed-since: asks again where the verdict was one of these':
    'khi dùng --changed-since: hỏi lại nếu kết luận trước là một trong các kết luận này',
  'reads, counts, and checks profile and gateway; asks about nobody and writes nothing':
    'đọc, đếm, kiểm tra hồ sơ kết nối và cổng; không hỏi về ai và không ghi gì',
  'sends only between these hours of local time, for example 22:00-05:00; waits outside':
    'chỉ gửi trong khung giờ này theo giờ máy, ví dụ 22:00-05:00; ngoài giờ thì chờ',
  'how long a gateway that is away is tried again, for example 6h or 30m, at most 72h (default: 1m)':
    'thử lại trong bao lâu khi cổng không trả lời, ví dụ 6h hoặc 30m, nhiều nhất 72h (mặc định: 1m)',
  'runs this after the end, with counts in LIENTHONG_… and as JSON on its input':
    'chạy lệnh này khi kết thúc, kèm số đếm trong LIENTHONG_… và dạng JSON ở đầu vào của lệnh',
  'a mapping of "telco inspect" (default: <file>.mapping.json, where there is one)':
    'tệp ánh xạ của "telco inspect" (mặc định: <file>.mapping.json, nếu có)',
  'asks also where a column does not look like what the mapping or --columns says':
    'vẫn hỏi khi một cột không giống như tệp ánh xạ hoặc --columns đã nêu',
  'none, also where one lies beside the file': 'không dùng, kể cả khi có sẵn cạnh tệp',
  'line or row that names the columns; what stands above it is not read':
    'dòng tiêu đề cột; những gì phía trên không được đọc',
  'of a workbook (default: the first)': 'trang tính của tệp bảng tính (mặc định: trang đầu)',
  'looks at a file: which column is which, how its text is to be read, what looks damaged; asks nobody':
    'xem tệp: cột nào là gì, đọc văn bản thế nào, chỗ nào có vẻ hỏng; không hỏi ai',
  'CSV or XLSX as your systems wrote it': 'CSV hoặc XLSX như hệ thống của bạn xuất ra',
  'where the mapping goes (default: <file>.mapping.json, unless there is one); "-": standard output':
    'nơi ghi tệp ánh xạ (mặc định: <file>.mapping.json, trừ khi đã có); "-": đầu ra chuẩn',
  'where the receipt goes with --out -': 'tệp biên nhận khi dùng --out -',
  "the file's own headers: id_number=SO_GTTT,full_name=HO_TEN,…":
    'tiêu đề riêng của tệp: id_number=SO_GTTT,full_name=HO_TEN,…',
  'of dates with slashes: day-first or month-first':
    'thứ tự của ngày viết bằng dấu gạch chéo: day-first hoặc month-first',
  '1 January stands for "day and month unknown"': '01/01 nghĩa là "không rõ ngày và tháng"',
  '1 January is 1 January': '01/01 đúng là ngày 01/01',
  'explains the answer to one row, from the two files alone: it asks the gateway nothing':
    'giải thích câu trả lời của một dòng chỉ từ hai tệp; không hỏi cổng',
  'the file that was verified': 'tệp đã đối chiếu',
  'its results; a receipt beside them tells the profile that answered':
    'tệp kết quả; biên nhận bên cạnh cho biết bộ quy tắc đã trả lời',
  'the row by its line, as in the column "line" of the results': 'dòng theo số dòng, như cột "line" của kết quả',
  "the row by the file's own key": 'dòng theo mã riêng của tệp',
  'one HTML file about results: counts, reasons, what to do; no network, no script, no value of a person':
    'một tệp HTML về kết quả: số liệu tổng hợp, lý do, việc cần làm; không mạng, không mã lệnh, không dữ liệu cá nhân',
  'results of "telco verify"': 'kết quả của "telco verify"',
  'the report; "-": standard output': 'tệp báo cáo; "-": đầu ra chuẩn',
  'the file that was verified: for provinces and years of birth': 'tệp đã đối chiếu: để biết tỉnh và năm sinh',
  'the published matching profile: its reasons in words; with --json all that rows are judged by':
    'bộ quy tắc đối chiếu đã công bố: các lý do bằng lời; với --json: mọi thứ dùng để xét một dòng',
  'characters that names are cut off after; 0: they are not': 'số ký tự mà họ tên bị cắt tại đó; 0: không bị cắt',
  'dates that are day numbers count from 1900 or 1904': 'ngày ghi bằng số thứ tự đếm từ 1900 hoặc 1904',
  [`${Object.keys(ENCODINGS).join(', ')}; this and what follows is learnt of the file unless said`]: `${Object.keys(ENCODINGS).join(', ')}; mục này và các mục sau được suy từ tệp nếu không nêu`,
  'rows a chunk: a power of two, 256 to 8192 (default: 4096)':
    'số dòng một lô: lũy thừa của hai, 256 đến 8192 (mặc định: 4096)',
  'connections at once (default: 3)': 'số kết nối cùng lúc (mặc định: 3)',
  'exit code 10 where a row has one of these, for example MISMATCH,NOT_FOUND':
    'mã thoát 10 khi có dòng mang một trong các kết luận này, ví dụ MISMATCH,NOT_FOUND',
  'one person of the register': 'một người trong CSDL dân cư',
  'reads the named fields of one person': 'đọc các trường được nêu của một người',
  'personal ID (12 digits) or old card number (9 digits); "-" or nothing: from standard input':
    'số định danh (12 chữ số) hoặc số CMND cũ (9 chữ số); "-" hoặc bỏ trống: từ đầu vào chuẩn',
  'field paths joined by commas, for example full_name,date_of_birth':
    'tên các trường, cách nhau bằng dấu phẩy, ví dụ full_name,date_of_birth',
  'take what the agreement grants and name the rest, instead of being refused':
    'lấy phần thỏa thuận cho phép và nêu tên phần còn lại, thay vì bị từ chối',
  'signs any unary call of the contract, sends it and prints the verified answer as JSON':
    'ký và gửi một lời gọi bất kỳ của đặc tả giao diện, in câu trả lời đã kiểm tra dạng JSON',
  'for example lienthong.person.v1.PersonService/GetPerson': 'ví dụ lienthong.person.v1.PersonService/GetPerson',
  'the request as protobuf JSON; "-" or nothing: from standard input':
    'yêu cầu dạng protobuf JSON; "-" hoặc bỏ trống: từ đầu vào chuẩn',
  'what a job was answered, proven': 'chứng minh các câu trả lời của một công việc',
  'verifies results.csv against its receipt, offline; one edited cell is found':
    'kiểm tra results.csv với biên nhận, không cần mạng; sửa một ô cũng bị phát hiện',
  'results file; its receipt is looked for at <results>.receipt': 'tệp kết quả; biên nhận được tìm ở <results>.receipt',
  'the receipt, where it stands elsewhere': 'biên nhận, nếu ở chỗ khác',
  "public JWK of the root that signs the gateway's key set, where there is no profile":
    'JWK công khai của khóa gốc ký bộ khóa của cổng, khi không có hồ sơ kết nối',
  'cuts out the proof of one row: it tells nothing of other rows, and is checked without the rest':
    'trích bằng chứng của một dòng: không tiết lộ dòng khác, kiểm tra được mà không cần phần còn lại',
  'where the proof goes (default: standard output)': 'nơi ghi bằng chứng (mặc định: đầu ra chuẩn)',
  "checks one row's proof offline, with the pinned root alone, and says what it proves and what not":
    'kiểm tra bằng chứng của một dòng không cần mạng, chỉ với khóa gốc được ghim; nói rõ điều gì được chứng minh, điều gì không',
  'a file that "receipt prove" wrote': 'tệp do "receipt prove" tạo',
  'who looked at a person': 'ai đã xem dữ liệu của một người',
  'throws the index of accesses away and makes it anew of the log, beside running gateways':
    'bỏ chỉ mục truy cập và lập lại từ nhật ký trong khi cổng vẫn chạy',
  'what a person is shown, to try the citizen’s page: of a running development deployment only; elsewhere people ask themselves, and officers have no such list':
    'những gì công dân được xem, để thử trang công dân: chỉ của hệ thống phát triển đang chạy; nơi khác công dân tự hỏi, cán bộ không có danh sách này',
  'unlinks a person for ever from what the log has of them until now: their log key is destroyed, and another one is for what comes; proofs that were handed out still verify':
    'xóa vĩnh viễn liên kết giữa một người và những gì nhật ký đã có về họ: hủy khóa nhật ký, cấp khóa mới cho những lần sau; bằng chứng đã cấp vẫn kiểm tra được',
  'personal ID (12 digits); "-" or nothing: from standard input':
    'số định danh (12 chữ số); "-" hoặc bỏ trống: từ đầu vào chuẩn',
  'the order that it stands on; it goes into the log, the person does not':
    'văn bản làm căn cứ; được ghi vào nhật ký, còn danh tính thì không',
  'how long calls under way may take to be recorded (default: 60, in production the least)':
    'số giây chờ các lời gọi đang xử lý được ghi xong (mặc định: 60, cũng là mức ít nhất khi vận hành thật)',
  'how long data are kept, and from which rule': 'dữ liệu được giữ bao lâu và theo quy định nào',
  'each kind of data with its period, its source and what is kept beyond it':
    'từng loại dữ liệu với thời hạn, căn cứ và số dòng giữ quá hạn',
  'ends what no gateway may: forgets who the people of old log entries are; their proofs stay':
    'xử lý phần cổng không được phép: bỏ thông tin người trong các bản ghi nhật ký cũ; bằng chứng vẫn giữ nguyên',
  'the log of every disclosure': 'nhật ký của mọi lần cung cấp dữ liệu',
  'reads the whole log and proves it against its head and the head kept outside the database':
    'đọc toàn bộ nhật ký, kiểm tra với mốc của nó và mốc lưu ngoài cơ sở dữ liệu',
  'verifies the log and, where no head of it is kept, accepts it as it stands: its head becomes the first':
    'kiểm tra nhật ký và, nếu chưa lưu mốc nào, chấp nhận nhật ký như hiện có: mốc của nó thành mốc đầu tiên',
  'accepts a database that was set back: withdrawals, bars and erasures made after its copy are undone, and are to be made again':
    'chấp nhận cơ sở dữ liệu đã bị lùi lại: việc rút đồng ý, chặn và xóa sau bản sao không còn hiệu lực, phải làm lại',
  'whose data was told to whoever held a key: how many people, which fields, when; the look leaves an entry in the log':
    'người giữ một khóa đã biết dữ liệu của ai: bao nhiêu người, trường nào, khi nào; lần tra cứu được ghi vào nhật ký',
  'before when: what was asked from then on is left out, RFC 3339':
    'trước thời điểm nào: không tính những gì được hỏi từ lúc đó, RFC 3339',
  'writes the numbers of these people, to notify them; a file that is there stays':
    'ghi số định danh của những người này để thông báo cho họ; tệp đã có thì giữ nguyên',
  'copies the whole database at one moment into a folder, beside running gateways; keys are not in it':
    'sao chép toàn bộ cơ sở dữ liệu tại một thời điểm vào một thư mục trong khi cổng vẫn chạy; không gồm khóa',
  'the rules that decide': 'bộ quy tắc quyết định',
  'signs a bundle of rules for one deployment until a day; without that a gateway decides nothing by it':
    'ký bộ quy tắc cho một hệ thống tới một ngày; không có chữ ký thì cổng không quyết định theo đó',
  'private JWK of whoever signs rules; made where there is none':
    'JWK bí mật của người ký bộ quy tắc; tạo mới nếu chưa có',
  'deployment.id of the gateways’ config': 'deployment.id trong cấu hình của các cổng',
  'where the signature goes: policy.signature of the config': 'nơi ghi chữ ký: policy.signature trong cấu hình',
  'policy.wasm and .manifest (default: those of this version)':
    'thư mục có policy.wasm và .manifest (mặc định: của phiên bản này)',
  'how long the rules may decide, up to 400 (default: 90)':
    'thời hạn bộ quy tắc được quyết định, tối đa 400 ngày (mặc định: 90)',
  'folder of this backup; new or empty': 'thư mục của bản sao lưu; mới hoặc trống',
  'brings a backup into an empty database, all of it or nothing, and holds its log against the head kept':
    'đưa bản sao lưu vào cơ sở dữ liệu trống, toàn bộ hoặc không gì cả, và đối chiếu nhật ký với mốc đã lưu',
  'folder of the backup; without it, with --verify: a database that your own tools set back':
    'thư mục bản sao lưu; nếu bỏ trống, với --verify: cơ sở dữ liệu đã khôi phục bằng công cụ riêng',
  'reads the whole log as well and proves it, before anything counts':
    'đọc và chứng minh cả toàn bộ nhật ký trước khi công nhận',
  'shows a job paused by its misses; one officer agrees that it goes on, and it does when a second one has agreed':
    'hiển thị công việc bị tạm dừng vì nhiều dòng không khớp; một cán bộ đồng ý cho chạy tiếp, chạy khi có người thứ hai',
  "the officer's code": 'mã cán bộ',
  "the officer's private key, a JWK file": 'khóa bí mật của cán bộ, tệp JWK',
  "what is left of the agency's limits": 'hạn mức còn lại của cơ quan',
  'each limit of each agreement: used, left, and when it begins anew':
    'từng hạn mức của từng thỏa thuận: đã dùng, còn lại và lúc bắt đầu lại',
  "the agency's jobs at the gateway": 'các công việc của cơ quan tại cổng',
  'the jobs, newest first': 'các công việc, mới nhất trước',
  'one job with its totals': 'một công việc với số tổng',
  '32 hexadecimal digits': '32 chữ số thập lục phân',
  'follows a job until it is over, and ends with the exit code that its end has':
    'theo dõi một công việc tới khi kết thúc; mã thoát theo kết cục của công việc',
  'rows that the file has: for the time left': 'số dòng của tệp: để tính thời gian còn lại',
  'the file that is verified: its lines are counted for the time left':
    'tệp đang đối chiếu: đếm số dòng để tính thời gian còn lại',
  'between two questions, up to eight times as long while nothing moves (default: 5)':
    'số giây giữa hai lần hỏi, dài tới tám lần khi không có thay đổi (mặc định: 5)',
  'ends a job without a receipt; what was answered stays signed and in the log':
    'kết thúc một công việc, không có biên nhận; câu trả lời đã nhận vẫn có chữ ký và nằm trong nhật ký',
  'does not ask; needed where nobody can be asked': 'không hỏi lại; cần khi không có người trả lời',
  'checks profile, certificate, clock, the way to the gateway, versions and disk, and says what to do':
    'kiểm tra hồ sơ, chứng thư, đồng hồ, đường tới cổng, phiên bản và đĩa; nói rõ việc cần làm',
  'the folder that results will go to (default: this one)': 'thư mục sẽ ghi kết quả (mặc định: thư mục hiện tại)',
  "what became of a call, for the operator: from the log's entries, without a value of a person":
    'lời gọi đã được xử lý ra sao, cho đơn vị vận hành: theo các bản ghi nhật ký, không có dữ liệu cá nhân',
  'each stage, policy and agreement, refusal, fields, times, place in the log':
    'từng bước, chính sách và thỏa thuận, lý do từ chối, các trường, thời điểm, vị trí trong nhật ký',
  'of a request id, look at the entries since then only, RFC 3339: the log has no index of them':
    'với mã yêu cầu, chỉ xem các bản ghi từ thời điểm đó, RFC 3339: nhật ký không có chỉ mục cho mã yêu cầu',
  'request id, entry id, or JOB:NUMBER of a chunk': 'mã yêu cầu, mã bản ghi nhật ký, hoặc CÔNG_VIỆC:SỐ của một lô',
  'what waits, what ends soon, how the log stands; ends with 0 well, 10 a warning, 5 something is not served':
    'việc đang chờ, thứ sắp hết hạn, tình trạng nhật ký; mã thoát 0 tốt, 10 có cảnh báo, 5 có phần chưa sẵn sàng phục vụ',
  "the gateway's metrics (default: where its config file has them read)":
    'số đo của cổng (mặc định: nơi tệp cấu hình cho đọc)',
  "brings the database's schema up to date, beside running gateways; safe to run again":
    'cập nhật lược đồ cơ sở dữ liệu trong khi cổng vẫn chạy; chạy lại không gây hại',
  'only says what would run, what each step does and whom it holds up':
    'chỉ cho biết sẽ chạy gì, mỗi bước làm gì và cản trở ai',
  "watches the gateway's log for whoever trusts you: cosigns each head that continues all that you saw, and refuses loudly any other":
    'canh nhật ký của cổng thay cho những ai tin bạn: ký chứng kiến mỗi mốc nối tiếp phần đã thấy, và báo rõ khi không phải vậy',
  'between two looks (default: 10)': 'giữa hai lần xem, giây (mặc định: 10)',
  'looks once and ends': 'xem một lần rồi kết thúc',
  'demands that so many witnesses cosigned the log; what shows it is asked for once and kept in <file>.witnessed':
    'đòi hỏi đủ số bên chứng kiến đã ký nhật ký; bằng chứng được hỏi một lần và lưu ở <file>.witnessed',
  "the witnesses and their public keys (default: the profile's witnesses.json)":
    'các bên chứng kiến và khóa công khai của họ (mặc định: witnesses.json của hồ sơ kết nối)',
  "the gateway's config file; without it DATABASE_URL names the database":
    'tệp cấu hình của cổng; nếu không có, DATABASE_URL chỉ ra cơ sở dữ liệu',
  'runs the gateway with nothing embedded; logs go to standard error, SIGTERM drains':
    'chạy cổng không kèm gì nhúng sẵn; nhật ký ra đầu lỗi chuẩn, SIGTERM để dừng êm',
};

/** A text's translation, itself where there is none. */
const vi = (text: string) => HELP_VI[text] ?? text;

/** Puts a program and all its commands into Vietnamese. */
export function translateHelp(command: Command): void {
  command.description(vi(command.description()));
  command.configureHelp(HELP_FORM_VI);
  command.helpOption('-h, --help', vi('display help for command'));
  for (const argument of command.registeredArguments) argument.description = vi(argument.description);
  for (const option of command.options) option.description = vi(option.description);
  if (command.commands.length > 0) command.helpCommand('help [command]', vi('display help for command'));
  for (const inner of command.commands) translateHelp(inner);
}

/** The language that a command line asks for before it is parsed: for its help and its usage errors. */
export function languageAsked(args: readonly string[]): string | undefined {
  const at = args.lastIndexOf('--lang');
  const joined = args.findLast((arg) => arg.startsWith('--lang='));
  return at >= 0 ? args[at + 1] : joined?.slice('--lang='.length);
}
