/** Help of the officers' commands in Vietnamese; part of `HELP_VI`. */
export const HELP_VI_OFFICERS: Readonly<Record<string, string>> = {
  'what this certificate would get for a purpose, field by field, and why not the rest; about nobody':
    'chứng thư này được gì cho một mục đích, từng trường, và vì sao không được phần còn lại; không hỏi về ai',
  'the call (default: lienthong.person.v1.PersonService/GetPerson)':
    'lời gọi (mặc định: lienthong.person.v1.PersonService/GetPerson)',
  'only these field paths, joined by commas': 'chỉ các trường này, cách nhau bằng dấu phẩy',
  'becoming known to a gateway': 'đăng ký với cổng',
  'makes the keys here, and a request that proves they are held; nothing secret is in it':
    'tạo khóa tại đây và tệp yêu cầu chứng minh việc giữ khóa; trong tệp không có bí mật',
  "the agency's code": 'mã cơ quan',
  "or the officer's code, for an officer of the register": 'hoặc mã cán bộ, nếu là cán bộ của CSDL dân cư',
  "the gateway's deployment id": 'mã hệ thống của cổng',
  "number of the agency's legal entity": 'mã số pháp nhân của cơ quan',
  "the agency's name in Vietnamese": 'tên cơ quan bằng tiếng Việt',
  "the agency's name in English": 'tên cơ quan bằng tiếng Anh',
  'makes a further key that answers are encrypted to, and a request that proves it is held':
    'tạo thêm khóa nhận câu trả lời mã hóa và tệp yêu cầu chứng minh việc giữ khóa',
  'folder for keys and request; made when missing': 'thư mục chứa khóa và yêu cầu; tạo mới nếu chưa có',
  'the ceremony that makes the first two officers; both are there, and both sign':
    'nghi thức lập hai cán bộ đầu tiên; cả hai có mặt và cùng ký',
  'folder of "enroll request" with cert.pem beside; twice': 'thư mục của "enroll request" kèm cert.pem; hai lần',
  "number of the operator's legal entity": 'mã số pháp nhân của đơn vị vận hành',
  "the operator's name in Vietnamese": 'tên đơn vị vận hành bằng tiếng Việt',
  "the operator's name in English": 'tên đơn vị vận hành bằng tiếng Anh',
  'issues a certificate for a request, by the development CA': 'cấp chứng thư cho yêu cầu, bằng CA phát triển',
  'request.json of "enroll request"': 'request.json của "enroll request"',
  'where the certificate goes': 'tệp ghi chứng thư',
  'what officers put before each other': 'việc các cán bộ trình nhau',
  'those that wait for an officer': 'các đề xuất đang chờ',
  'what persons object to or ask of the register, and officers decide':
    'những gì công dân phản đối hoặc yêu cầu CSDL dân cư, do cán bộ quyết định',
  'those that wait for an officer, the first due first': 'các yêu cầu đang chờ, việc đến hạn trước xếp trước',
  'those that are over as well': 'cả những yêu cầu đã xong',
  'only of the person whose ID is read from standard input; it is kept nowhere':
    'chỉ của người có số định danh đọc từ đầu vào chuẩn; số không lưu ở đâu',
  'id of the matter, or how it begins': 'mã yêu cầu, hoặc phần đầu của nó',
  'in words to the person, Vietnamese': 'lời gửi công dân, tiếng Việt',
  'in words to the person, English': 'lời gửi công dân, tiếng Anh',
  'the rule that it stands on; needed where something is refused': 'căn cứ pháp lý; bắt buộc khi từ chối',
  'decides a matter for good; the person sees it': 'quyết định dứt điểm một yêu cầu; công dân thấy ngay',
  'extends the period of a matter, once and before its first end':
    'gia hạn một yêu cầu, một lần và trước khi hết hạn lần đầu',
  'an objection: upheld or rejected; a request: carried_out or refused':
    'phản đối: upheld hoặc rejected; yêu cầu: carried_out hoặc refused',
  'of grounds_hold, consent_only, statutory_duty, emergency_or_security, persons_agreement, use_not_made, as_asked, in_part, not_held, not_proven, kept_by_law, rights_of_others':
    'một trong grounds_hold, consent_only, statutory_duty, emergency_or_security, persons_agreement, use_not_made, as_asked, in_part, not_held, not_proven, kept_by_law, rights_of_others',
  'of complex, many_requests, proof_awaited, other_body_asked':
    'một trong complex, many_requests, proof_awaited, other_body_asked',
  'those that were decided as well': 'cả những đề xuất đã quyết định',
  'the digest, or how it begins': 'mã băm, hoặc phần đầu của nó',
  'one proposal, member by member; of an agreement, what it changes is marked':
    'một đề xuất, từng mục; với thỏa thuận thì đánh dấu điều thay đổi',
  'shows a proposal, and signs exactly that': 'hiển thị đề xuất và ký đúng nội dung đó',
  'ends a proposal; the proposer takes it back so': 'kết thúc một đề xuất; người đề xuất rút lại cũng bằng lệnh này',
  'who may call': 'ai được gọi',
  'agencies with their certificates and keys': 'các cơ quan cùng chứng thư và khóa',
  'proposes an agency from its request and the certificate that was issued for it':
    'đề xuất kết nạp cơ quan từ yêu cầu và chứng thư đã cấp',
  'the certificate, PEM': 'chứng thư, PEM',
  'bars an agency at once, for good': 'chặn ngay một cơ quan, vĩnh viễn',
  'code of the agency': 'mã cơ quan',
  "agencies' certificates": 'chứng thư của các cơ quan',
  'proposes a further certificate of an agency; the earlier ones stay':
    'đề xuất thêm chứng thư cho cơ quan; chứng thư cũ vẫn dùng',
  'bars a certificate at once, for good': 'chặn ngay một chứng thư, vĩnh viễn',
  'its SHA-256, hexadecimal': 'SHA-256 của chứng thư, dạng hexa',
  'puts it before another officer; beyond five an hour it takes one':
    'trình cán bộ khác phê duyệt; quá năm lần một giờ thì bắt buộc',
  'also what no list of the register names': 'kể cả thứ không có trong danh mục nào của CSDL dân cư',
  "agencies' keys: what they sign with, and what answers are encrypted to":
    'khóa của các cơ quan: khóa ký và khóa nhận câu trả lời mã hóa',
  'request.json of "enroll request", encryption-request.json of "enroll encryption-key"':
    'request.json của "enroll request", encryption-request.json của "enroll encryption-key"',
  'proposes a further key of an agency; the earlier ones stay until they are retired':
    'đề xuất thêm khóa cho cơ quan; khóa cũ vẫn dùng tới khi thôi sử dụng',
  'ends the use of a key whose successor is in use; what it signed stays good':
    'thôi dùng khóa đã có khóa thay thế; những gì đã ký vẫn có giá trị',
  'thumbprint of the key': 'dấu vân tay của khóa',
  'bars a key at once, for good': 'chặn ngay một khóa, vĩnh viễn',
  'since when others may have had it, RFC 3339': 'thời điểm người khác có thể đã có khóa, RFC 3339',
  'officers of the register': 'cán bộ của CSDL dân cư',
  'officers with their roles': 'các cán bộ cùng vai trò',
  "proposes an officer; the person's ID is read from standard input, and kept nowhere":
    'đề xuất cán bộ; số định danh của người đó đọc từ đầu vào chuẩn và không lưu ở đâu',
  'of proposer, approver, auditor, security, support; joined by commas':
    'trong proposer, approver, auditor, security, support; cách nhau bằng dấu phẩy',
  'proposes other roles for an officer': 'đề xuất đổi vai trò của cán bộ',
  'code of the officer': 'mã cán bộ',
  'proposes a new key and certificate for an officer': 'đề xuất khóa và chứng thư mới cho cán bộ',
  'bars an officer at once, for good': 'chặn ngay một cán bộ, vĩnh viễn',
  'what each agency may do, for which purpose': 'mỗi cơ quan được làm gì, cho mục đích nào',
  'the record of processing instead: a row for each field that an agreement in force gives, as CSV':
    'thay vào đó là bản kê hoạt động xử lý: mỗi dòng một trường thông tin mà thỏa thuận đang có hiệu lực cho dùng, dạng CSV',
  'those that count, and what stands in the database and does not':
    'các thỏa thuận có giá trị, và những dòng trong cơ sở dữ liệu không có giá trị',
  'of one agency only': 'chỉ của một cơ quan',
  'all that an agreement says, member by member; an earlier version as well':
    'toàn bộ nội dung một thỏa thuận, từng mục; cả phiên bản trước',
  'id of the agreement, or id:version (default: the one that counts, else the last one approved)':
    'mã thỏa thuận, hoặc mã:phiên bản (mặc định: bản đang có giá trị, nếu không có thì bản được duyệt sau cùng)',
  'writes it as JSON, to work on the next version; a file that is there stays':
    'ghi ra tệp JSON để soạn phiên bản kế tiếp; tệp đã có thì giữ nguyên',
  'its next version: a number higher, and all methods of this version that officers call under it':
    'phiên bản kế tiếp: tăng số phiên bản, kèm mọi phương thức của phiên bản này mà cán bộ gọi theo thỏa thuận đó',
  'the agreement, JSON': 'thỏa thuận, JSON',
  'member by member, what a file would change of the agreement that counts':
    'từng mục, điều mà tệp sẽ thay đổi so với thỏa thuận đang có giá trị',
  'shows a file whole with what it changes, signs it, and puts it before the other officers':
    'hiển thị toàn bộ tệp cùng điều thay đổi, ký và trình các cán bộ khác',
  'which calls of the last days a file would have answered otherwise, and how':
    'các lời gọi những ngày qua sẽ được trả lời khác đi ra sao nếu theo tệp này',
  'how many days back (default: 7)': 'lùi lại bao nhiêu ngày (mặc định: 7)',
  'ends an agreement at once and for good; a new one gets another id':
    'chấm dứt ngay và vĩnh viễn một thỏa thuận; thỏa thuận mới mang mã khác',
  'id of the agreement': 'mã thỏa thuận',
  'limits of agreements that are raised for a time, or lowered at once':
    'hạn mức của thỏa thuận: nâng có thời hạn, hoặc hạ ngay',
  'each limit: what the agreement says, and what counts now': 'từng hạn mức: thỏa thuận ghi gì, hiện áp dụng gì',
  'proposes more of a limit, for a time; what is to last is the next version of the agreement':
    'đề xuất nâng một hạn mức trong một thời hạn; muốn lâu dài thì lập phiên bản kế tiếp của thỏa thuận',
  'when it ends, RFC 3339, in 92 days at most': 'khi nào hết hiệu lực, RFC 3339, tối đa 92 ngày',
  'lowers a limit at once, until the next version of the agreement':
    'hạ ngay một hạn mức, tới phiên bản kế tiếp của thỏa thuận',
  'what it is to be': 'mức mới',
  'of rows_per_job, rows_per_day, calls_per_minute, subjects_per_day, wrong_values_per_field, wrong_numbers_per_name':
    'một trong rows_per_job, rows_per_day, calls_per_minute, subjects_per_day, wrong_values_per_field, wrong_numbers_per_name',
  "the gateway's own keys, and the set that clients are told": 'các khóa của chính cổng và bộ khóa công bố cho bên gọi',
  'the keys of the set: which sign, which did, which are in other hands':
    'các khóa trong bộ: khóa đang ký, khóa đã thôi, khóa bị lộ',
  'or a signed key set': 'hoặc một bộ khóa đã ký',
  'makes the first set of a deployment, and of its keys what is not there yet; with --storage alone only those':
    'lập bộ khóa đầu tiên của hệ thống và tạo những khóa chưa có; chỉ có --storage thì chỉ tạo khóa niêm phong',
  'private JWK of the root: to be kept away from the gateways': 'khóa gốc (JWK bí mật): không để trên máy chạy cổng',
  'private JWK that answers are signed with: signing_key of the config':
    'khóa ký câu trả lời (JWK bí mật): signing_key trong cấu hình',
  'key of the log’s checkpoints, PEM: log.key of the config': 'khóa ký mốc nhật ký, PEM: log.key trong cấu hình',
  'where the set goes: key_set of the config': 'nơi ghi bộ khóa: key_set trong cấu hình',
  'new keys that seal what the database keeps: storage_keys of the config':
    'khóa mới để niêm phong dữ liệu trong cơ sở dữ liệu: storage_keys trong cấu hình',
  'from one signing key to the next while gateways and clients run; cut short, run it again':
    'chuyển sang khóa ký kế tiếp trong khi cổng và bên gọi vẫn chạy; bị ngắt thì chạy lại',
  'private JWK of the root; without it the set is changed where the root is':
    'khóa gốc (JWK bí mật); nếu không có thì bộ khóa được sửa tại máy giữ khóa gốc',
  'makes keys anew that are lost, and adds them to the set: what the lost ones signed stays good':
    'tạo lại các khóa đã mất và thêm vào bộ khóa: những gì khóa cũ đã ký vẫn có giá trị',
  'the key of the log’s checkpoints instead': 'thay vào đó là khóa ký mốc nhật ký',
  'between publishing, switching and ending (default: 15, with --log 75)':
    'giữa công bố, chuyển và kết thúc (mặc định: 15, với --log là 75)',
  'private JWK of the root that signs the key set': 'khóa gốc (JWK bí mật) ký bộ khóa',
  'the signed key set; changed in its place': 'bộ khóa đã ký; sửa tại chỗ',
  'adds a key to the set, before it signs': 'thêm một khóa vào bộ, trước khi khóa đó ký',
  'its public JWK': 'JWK công khai của khóa',
  'ends the use of a key whose successor signs; what it signed stays good':
    'thôi dùng khóa đã có khóa kế tiếp; những gì đã ký vẫn có giá trị',
  'says of a key that others may have it: what it signed since proves nothing':
    'báo một khóa bị lộ: những gì ký từ lúc đó không có giá trị chứng minh',
  'the newest key set that you have: which keys fell into other hands since':
    'bộ khóa mới nhất đang có: khóa nào đã bị lộ từ đó',
  'from when on the key counts no more, RFC 3339 (default: no end)':
    'từ lúc nào khóa hết giá trị, RFC 3339 (mặc định: không có hạn)',
  "or an issuer's code: who signs on behalf of people, for example consents":
    'hoặc mã bên phát hành: bên ký thay cho người dân, ví dụ sự đồng ý',
  'who may sign on behalf of people, for example consents': 'ai được ký thay cho người dân, ví dụ sự đồng ý',
  'issuers with their keys': 'các bên phát hành cùng khóa',
  'proposes an issuer from its request': 'đề xuất kết nạp bên phát hành từ yêu cầu',
  'proposes a further key of an issuer; the earlier ones stay':
    'đề xuất thêm khóa cho bên phát hành; các khóa trước giữ nguyên',
  'ends the work of an issuer; what it signed stays good': 'thôi dùng một bên phát hành; những gì đã ký vẫn có giá trị',
  'bars an issuer at once, for good': 'chặn ngay một bên phát hành, vĩnh viễn',
  'code of the issuer': 'mã bên phát hành',
  'makes the folder of "enroll request" a profile: asks the gateway, and believes it by the CA and the root alone':
    'biến thư mục của "enroll request" thành hồ sơ kết nối: hỏi cổng và chỉ tin theo CA và khóa gốc',
  'folder of "enroll request"': 'thư mục của "enroll request"',
  'where the gateway is, by the name in its certificate': 'địa chỉ cổng, theo tên trong chứng thư của cổng',
  'who signs the gateway’s certificate, PEM': 'CA cấp chứng thư của cổng, PEM',
  'public JWK of the root that signs the gateway’s key set, got on another way':
    'JWK công khai của khóa gốc ký bộ khóa của cổng, nhận qua đường khác',
  'the certificate that came back, PEM (default: cert.pem in the folder)':
    'chứng thư nhận về, PEM (mặc định: cert.pem trong thư mục)',
  'purposes (default: those of the agreements that the gateway has)':
    'mục đích (mặc định: theo các thỏa thuận tại cổng)',
  'service that stands in requests which name none': 'mã dịch vụ cho yêu cầu không nêu',
  'unit that stands in requests which name none': 'mã đơn vị cho yêu cầu không nêu',
  'officer who stands in requests which name none (default: an officer’s own code)':
    'mã cán bộ cho yêu cầu không nêu (mặc định: mã của chính cán bộ)',
};
