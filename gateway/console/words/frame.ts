/** What stands on every page, and the pages before somebody is signed in. */
export const FRAME = {
  vi: {
    brand: 'Liên Thông',
    service: 'Trang công dân',
    skip: 'Đến nội dung chính',
    menu: 'Mục chính',
    home: 'Trang chủ',
    consents: 'Sự đồng ý của tôi',
    accesses: 'Ai đã xem',
    matters: 'Yêu cầu của tôi',
    otherLanguage: 'English',
    signIn: 'Đăng nhập',
    signOut: 'Đăng xuất',
    signedInAs: 'Số định danh {id}',
    about: 'Đang xem cho: người được đại diện {id}',
    development:
      'Hệ thống thử nghiệm: chỉ có người giả lập, và việc đăng nhập không xác minh ai. Không nhập dữ liệu thật.',
    footer:
      'Trang này gửi yêu cầu qua cổng như mọi cơ quan khác: mỗi yêu cầu mang chữ ký của bạn, được xét duyệt, ghi nhật ký; câu trả lời có chữ ký của cổng. Trang không lưu gì sau khi bạn đăng xuất.',
    law: 'Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Nghị định 356/2025/NĐ-CP',
    back: 'Quay lại',
    error: 'Lỗi: {title}',

    homeTitle: 'Dữ liệu của bạn: bạn biết, bạn quyết định',
    homeLead:
      'Các cơ quan và tổ chức hỏi Cơ sở dữ liệu quốc gia về dân cư qua một cổng duy nhất. Ở đây bạn xem ai đã hỏi về mình, cho phép hoặc rút lại, và tự kiểm tra điều được nói với bạn.',
    point1: 'Đồng ý, từng việc một',
    point1Text: 'Mỗi lần đồng ý chỉ cho một nơi, một mục đích, một thời hạn. Rút lại có hiệu lực ngay.',
    point2: 'Xem ai đã xem',
    point2Text: 'Cơ quan nào, lúc nào, thông tin nào, dựa vào đâu và để làm gì.',
    point3: 'Tự kiểm chứng',
    point3Text: 'Mỗi dòng kèm bằng chứng toán học; trình duyệt của bạn kiểm tra, không cần tin trang này.',
    homeNow: 'Tổng quan',
    inForceCount: 'sự đồng ý đang có hiệu lực',
    openCount: 'yêu cầu đang trong thời hạn giải quyết',
    seeAll: 'Xem tất cả',

    signInTitle: 'Đăng nhập bằng định danh điện tử',
    signInLead:
      'Hệ thống định danh điện tử xác nhận danh tính của bạn. Phiên đăng nhập kéo dài 15 phút, chỉ trên trình duyệt này.',
    choose: 'Người giả lập',
    number: 'Hoặc nhập số định danh giả lập (12 chữ số, bắt đầu bằng 900–999)',
    numberWrong: 'Số định danh giả lập có 12 chữ số và bắt đầu bằng 900–999.',
    unknownPerson: 'Hệ thống định danh điện tử không có số này. Hãy kiểm tra lại.',
    otherPerson: 'Người vừa đăng nhập không phải trẻ đang được xem. Hãy để đúng trẻ đó đăng nhập.',
    nobodyChosen: 'Hãy chọn một người hoặc nhập số.',
    keyBrowser:
      'Khóa ký được tạo trong trình duyệt này và không thể sao chép ra ngoài: không ai, kể cả máy chủ của trang, ký thay bạn khi trang đã đóng.',
    keyHere:
      'Trình duyệt này không chạy JavaScript hoặc không giữ được khóa, nên khóa ký nằm ở máy chủ của trang cho đến khi bạn đăng xuất. Cách này yếu hơn: trong thời gian đó bạn phải tin máy chủ của trang.',
    signedOut: 'Bạn đã đăng xuất',
    signedOutText: 'Khóa ký và mọi thứ trang này biết về bạn đã được xóa.',
    ended: 'Phiên đăng nhập đã hết',
    endedText: 'Phiên đăng nhập kéo dài 15 phút. Việc bạn vừa bấm chưa được thực hiện. Hãy đăng nhập lại rồi làm tiếp.',

    signing: 'Đang ký trên trình duyệt của bạn',
    signingText: 'Mọi yêu cầu, kể cả chỉ để xem, đều do chính bạn ký.',
    signingGoesOn: 'Trang sẽ tự chuyển sau giây lát.',
    signingLate:
      'Trang chưa tự chuyển? JavaScript có thể không chạy trên trình duyệt này. Hãy tải lại trang, hoặc đăng nhập lại: cách không cần JavaScript sẽ được dùng.',
    signingNow: 'Ký và tiếp tục',
    signingFailed: 'Khóa ký không còn trong trình duyệt này. Hãy đăng nhập lại.',
    noScript:
      'JavaScript đã bị tắt sau khi đăng nhập nên không ký được. Hãy đăng nhập lại: cách không cần JavaScript sẽ được dùng.',

    notFound: 'Không có trang này',
    notFoundText: 'Địa chỉ sai, hoặc nội dung không còn. Hãy bắt đầu lại từ trang chủ.',
    formOld: 'Biểu mẫu đã cũ',
    formOldText: 'Biểu mẫu không thuộc phiên này hoặc đã được gửi. Chưa có gì thay đổi; hãy làm lại từ đầu.',
    failed: 'Chưa thực hiện được',
    failedText: 'Cổng không trả lời được lúc này. Hãy thử lại sau ít phút.',
    unknown: 'Chưa biết đã được ghi nhận hay chưa',
    unknownText:
      'Cổng không trả lời. Việc bạn vừa làm có thể đã được ghi nhận: hãy xem các mục dưới đây trước khi làm lại.',
    reference: 'Mã yêu cầu, nếu cần hỏi: {id}',
  },
  en: {
    brand: 'Liên Thông',
    service: 'Citizen’s page',
    skip: 'Skip to main content',
    menu: 'Main menu',
    home: 'Home',
    consents: 'My consents',
    accesses: 'Who looked',
    matters: 'My requests',
    otherLanguage: 'Tiếng Việt',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signedInAs: 'ID number {id}',
    about: 'Shown for: represented person {id}',
    development:
      'Test system: everybody here is invented, and signing in proves nobody’s identity. Do not enter real data.',
    footer:
      'This page is a client of the gateway like any agency’s: every request carries your own signature, is decided, logged and answered under signature. It keeps nothing after you sign out.',
    law: 'Law 91/2025/QH15 on the protection of personal data, Decree 356/2025/NĐ-CP',
    back: 'Back',
    error: 'Error: {title}',

    homeTitle: 'Your data: you know, you decide',
    homeLead:
      'Agencies and companies ask the National Population Database through one gateway. Here you see who asked about you, give consent or take it back, and check for yourself what you are told.',
    point1: 'Consent, one thing at a time',
    point1Text: 'Each consent is for one recipient, one purpose and a limited time. Withdrawing works at once.',
    point2: 'See who looked',
    point2Text: 'Which agency, when, which information, on what basis and for what.',
    point3: 'Check it yourself',
    point3Text: 'Each line has a mathematical proof; your browser checks it, so that you need not trust this page.',
    homeNow: 'At present',
    inForceCount: 'consents in force',
    openCount: 'requests whose period runs',
    seeAll: 'See all',

    signInTitle: 'Sign in with your electronic identity',
    signInLead: 'The electronic identity confirms who you are for 15 minutes, to this browser alone.',
    choose: 'Invented person',
    number: 'Or enter an invented ID number (12 digits, beginning with 900–999)',
    numberWrong: 'An invented ID number has 12 digits and begins with 900–999.',
    unknownPerson: 'The electronic identity does not know this number. Check it, please.',
    otherPerson: 'The person who signed in is not this child.',
    nobodyChosen: 'Choose a person or enter a number.',
    keyBrowser:
      'The signing key is made in this browser and cannot be copied out of it: nobody, the server of this page included, can sign for you once the page is closed.',
    keyHere:
      'This browser runs no scripts or keeps no keys, so the signing key stays with the server of this page until you sign out. That is weaker: for that time you have to trust the server of this page.',
    signedOut: 'You are signed out',
    signedOutText: 'The signing key and all that this page knew of you have been deleted.',
    ended: 'You are no longer signed in',
    endedText: 'You stay signed in for 15 minutes. What you pressed was not done. Sign in again, then go on.',

    signing: 'Being signed in your browser',
    signingText: 'Every request, even one that only looks, is signed by you.',
    signingGoesOn: 'The page goes on in a moment.',
    signingLate:
      'It does not go on? Scripts may not run in this browser. Load the page again, or sign in again: the way without scripts is then used.',
    signingNow: 'Sign and go on',
    signingFailed: 'The signing key is no longer in this browser. Please sign in again.',
    noScript:
      'Scripts were switched off after you signed in, so nothing can be signed. Sign in again: the way without scripts is then used.',

    notFound: 'There is no such page',
    notFoundText: 'The address is wrong, or what was there is gone. Begin again at the home page.',
    formOld: 'This form is no longer valid',
    formOldText:
      'The form does not belong to this session, or was sent already. Nothing has changed; please begin again.',
    failed: 'That did not work',
    failedText: 'The gateway cannot answer at the moment. Try again in a few minutes.',
    unknown: 'It is not known whether this was recorded',
    unknownText:
      'The gateway did not answer. What you did may have been recorded: look at the pages below before you do it again.',
    reference: 'Request id, if you need to ask: {id}',
  },
} as const;
