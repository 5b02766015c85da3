/**
 * Names of the other peoples: each has its own habits (clan names, one word, apostrophes, the sex told by Y, A, H', K' or
 * Ka), which is what a matcher meets. `custom` says how the parts are put together (`names.ts`).
 */
import { ranked, type Weighted, words } from './random.ts';

/**
 * - `viet`: family, Văn or Thị or another middle name, given (as the Kinh).
 * - `mong`: family, A (men) or Thị (women), given.
 * - `ede`: Y + given + clan (men), H' + given joined + clan (women); the clan is the mother's.
 * - `jarai`: clan + given (men), clan + H' + given (women); the clan is the mother's.
 * - `bahnar`: A (men) or Y (women) + given; no family name.
 * - `koho`: K' + given in one word (men), Ka + given (women); some with a clan before it.
 * - `stieng`: Điểu + given (men), Thị + given (women).
 */
export type NameCustom = 'viet' | 'mong' | 'ede' | 'jarai' | 'bahnar' | 'koho' | 'stieng';

export interface People {
  readonly custom: NameCustom;
  readonly families: Weighted<string>;
  readonly given: { readonly M: Weighted<string>; readonly F: Weighted<string> };
  /** True where a child's family or clan name is the mother's. */
  readonly matrilineal: boolean;
  /** Religions beside "none", with shares. */
  readonly religions: readonly (readonly [string, number])[];
}

const people = (
  custom: NameCustom,
  families: string,
  men: string,
  women: string,
  religions: readonly (readonly [string, number])[] = [],
): People => ({
  custom,
  families: ranked(words(families), 4),
  given: { M: ranked(words(men), 12), F: ranked(words(women), 12) },
  matrilineal: custom === 'ede' || custom === 'jarai' || custom === 'koho',
  religions,
});

const NORTHERN_MEN = `Tuấn Hùng Thắng Dũng Sơn Hải Thành Toàn Chiến Cường Bình Quân Đức Minh Long Nam Thiệu Pành Ỏm Hặc Inh Phương
Hoan Quyết Nghiệp Tiến Thụ Phủ Chương Khải Mạnh Hòa Vinh Lập Tâm Lợi Pản Én Ín Sáng Tướng Bun Phong Hạnh Học Tiên`;
const NORTHERN_WOMEN = `Mai Hoa Hương Thu Lan Hồng Hà Liên Nga Thảo Huyền Phượng Nguyệt Ánh Dung Hạnh Tuyết Ỏn Inh Lả Pâng Xuân Chung
Đôi Ươi Phong Hiên Ngân Yến Duyên Vân Điệp Bích Nết Sen Thơm Hiền Tươi Nhung Loan Muôn Diên Biên Phương Chom Kẻo Bun`;
const RHADE_MEN = `Thinh Bhiông Krăk Blô Nuê Wan Lơ Ngông Siu Jut Bham Đhăm Khen Suăi Bliang Mưk Djoan Phi Pôk Tlam Hiu Khoa Thuyên Dhin
Lem Sam Yôn Êlia Nhơn Duăn Ƀhăt Kuôm Riu Tuê`;
const RHADE_WOMEN = `Hen Linh Bia Nga Wiên Loan Yuôm Đương Lan Mlin Rin Nuin Juel Sara Bluên Ngom Nhen Yar Ngọc Ly Êmi Dluôn Hoanh Wơn Mai
Blik Thuyên Lin Nhơt Duyên Yu Krim`;

export const PEOPLES: Readonly<Record<string, People>> = {
  Tày: people(
    'viet',
    'Nông Hoàng Lương Ma Bế Triệu Đàm Hà La Vi Lục Nguyễn Lý Hứa Chu Phùng Lộc Quan',
    NORTHERN_MEN,
    NORTHERN_WOMEN,
  ),
  Nùng: people(
    'viet',
    'Nông Hoàng Lý Vi Triệu Lương Mông Lâm Lục Chu Đàm Hứa Phan Bế Lăng Vy Tô Dương',
    NORTHERN_MEN,
    NORTHERN_WOMEN,
  ),
  Thái: people(
    'viet',
    'Lò Quàng Cầm Lường Tòng Vì Điêu Hà Cà Bạc Lương Vi Lô Ngân Hoàng Mè Lèo Kha',
    NORTHERN_MEN,
    NORTHERN_WOMEN,
  ),
  Mường: people('viet', 'Bùi Đinh Quách Bạch Hà Phạm Nguyễn Trương Xa Cao Phùng', NORTHERN_MEN, NORTHERN_WOMEN, [
    ['Công giáo', 0.03],
  ]),
  Dao: people(
    'viet',
    'Bàn Triệu Đặng Phùng Lý Chảo Tẩn Phàn Lò Dương Phượng Trương Chìu Tằng',
    `Phúc Tài Sành Láo Tả Vạn Kim Nhàn Chòi Sơn Thanh Tiến Hiền Quý Pu Mìn Phin Dào Quẩy Lụa Sìn Chiêm Nái Hùng Thắng Dũng`,
    `Mẩy Mùi Múi Liên Mai Nái Lai Pham Coi Sính Xuân Hoa Ghến Pết Chiêm Lan Mán Ton Phẩy Duyên Lụa Nguyệt Sểnh`,
    [['Tin lành', 0.04]],
  ),
  'Sán Chay': people('viet', 'Hoàng Lý Trần Ninh Trương Lục Âu Nịnh Tống Lâm', NORTHERN_MEN, NORTHERN_WOMEN),
  Mông: people(
    'mong',
    'Giàng Thào Vàng Sùng Lý Mùa Hạng Vừ Lầu Cứ Tráng Ly Má Hờ Chang Hầu Sính Lù Thò Ma Cháng Mua Phàng Khang',
    `Páo Tủa Dế Sử Chu Sình Dinh Lử Tồng Phử Nủ Chống Giống Vảng Khua Sếnh Chía Pó Tỏa Lềnh Dơ Câu Sáu Chinh Páng Lồng Thào Vừ Sà Nhè
Giàng Sái Chớ Vàng Nhìa Trống Mìn Phà Tùng Pủa`,
    `Mỷ Dợ Sua Mai Máy Chư Ca Pà Dúa Xua Sông Blia Chía Già Vàng Mị Ly Mào Sáy Dở Chá Say Cở Pàng Lia Dế Nu Của Kía Súa Chừ Xía Dính`,
    [['Tin lành', 0.3]],
  ),
  Khmer: people(
    'viet',
    'Thạch Sơn Kim Danh Kiên Lâm Châu Lý Trà Chau Tăng Diệp Kiêm Liêu Đào Trầm',
    `Sa_Rây Sô_Phol Chanh_Đa Sóc_Kha Minh Dũng Vuông Rương Đa_Ra Sa_Mết Phol Oanh Sang Hoàng Sóc_Phia Thi Thương Ươl Ron Pho_La Sanh
Khêl Chanh Na_Rin Rích_Thi Sung Hên Thươl Sô_Kha Út`.replaceAll('_', '-'),
    `Sa_Vy Sô_Phia Chanh_Thy Srây Ni Bươne Sa_Ly Thu Hường Nhi Ma_Ly Rành Sa_Quanh Sóc_Kha Na_Ry Linh Phi Đa Sươne Hiêng Mai Thị_Na
Chan_Tha Sa_Ren Tuyền Diễm Kim_Anh Oanh`.replaceAll('_', '-'),
    [['Phật giáo', 0.85]],
  ),
  Hoa: people(
    'viet',
    'Trần Lâm Lý Quách Vương Huỳnh La Tăng Lương Mạch Trương Phùng Châu Tạ Ông Hứa Lưu Thái Diệp Ngô Tiêu Lại',
    `Minh Hùng Cường Kiệt Phát Quang Hưng Vĩ Hào Thành Phú Vinh Lợi Hoa Long Tài Diệu Bang Tường Quyền Cẩu Xương Nguyên Sanh Kỳ Huê`,
    `Phụng Linh Muội Dung Bình Mỹ Lan Phương Yến Nghi Huê Ngọc Anh Quân Mai Trân Liên Châu Cúc Quyên Hà Lệ Kiều Nga Vân Ái`,
    [['Phật giáo', 0.35]],
  ),
  Chăm: people(
    'viet',
    'Bá Đàng Đạo Kiều Lộ Lưu Quảng Thiên Thành Thông Trượng Từ Não Châu Tài Thập Dụng Báo Hán Đổng Phú Tạ',
    `Phụ Quạ Năng Đại Trưởng Thơ Sử Thanh Hiếu Vân Ngọc Lánh Tồn Xuân Mưu Phổ Thuật Nhạc Minh Bảo Sơn Tịnh`,
    `Hạnh Thủy Nhị Sen Đẹp Điệu Lý Nem Thuận Diễm Hiền Mai Ly Vân Kiều Thiết Oanh Dư Khánh Nguyệt Tiên`,
    [
      ['Bà-la-môn', 0.5],
      ['Hồi giáo', 0.35],
    ],
  ),
  'Bru-Vân Kiều': people(
    'viet',
    'Hồ',
    'Páo Thơi Lai Hương Nghinh Vy Cha Lành Ngài Khăm Tiên Mới Pả Xuân Thoong Sơn Hùng Ơi Bình Cu',
    'Mon Thương Lan Hoa Hương Pưn Xuân Giang Lịch Nga Nhung Thiết Ơn Khăm Hà Mai Lành Sáo Hằng',
  ),
  'Cơ Tu': people(
    'viet',
    `A Lăng|Bh'riu|Zơ Râm|Pơloong|Arất|Alăng|Bh'nướch|Hốih|Coor|Riah|Tơ Ngôl|Cơ Lâu`,
    'Mai Liếc Bươn Pố Nhây Xoang Trên Cường Hùng Bút Đhưm Nghĩa Rin Đàn Bốn Nhấp',
    'Bơi Thanh Mai Hương Đhơ Nhứt Thảo Lan Bích Chúc Thiếp Hạnh Nga Vân Plênh',
  ),
  Hrê: people(
    'viet',
    'Phạm Đinh',
    'Đeo Rế Nhim Hùng Trí Ây Lương Sơn Nía Ê Đô Thành Vin Xuân Huy',
    'Trinh Rây Đia Nhê Hà Lan Bích Xa Thúy Nữ Mai Nga Sương Lệ Đưm',
  ),
  Raglai: people(
    'viet',
    'Pi Năng|Chamaléa|Cao|Ka Tơr|Mấu|Pa Tâu Axá|Tà Yên|Bo Bo|Mang|Tro',
    'Thạnh Xá Điệp Hùng Toàn Là Ấn Sơn Đông Thảo Tuyên Minh Xinh Lâm',
    'Hốn Khem Lang Hạnh Mai Đào Nhẻo Thanh Tuyền Nga Vân Lệ Miên Bông',
    [['Tin lành', 0.15]],
  ),
  'Ê Đê': people(
    'ede',
    'Niê|Mlô|Êban|Ayŭn|Byă|Kbuôr|Kđoh|Ênuôl|Hwing|Hđơk|Ktla|Ksơr|Buôn Yă|Niê Kdăm|Buôn Krông|Hmŏk',
    RHADE_MEN,
    RHADE_WOMEN,
    [
      ['Tin lành', 0.35],
      ['Công giáo', 0.15],
    ],
  ),
  'Gia Rai': people(
    'jarai',
    'Rơ Châm|Siu|Ksor|Kpă|Nay|Rah Lan|Rmah|Rcom|Rơ Mah|Puih|Kpuih|Rơ Lan|Hiao|Rô',
    `${RHADE_MEN} Hnhan Hlinh Bơng Chưn Grih Yơng Phước Jek Djuih Alir`,
    `${RHADE_WOMEN} Yâm Hlim Phyưn Đuên Blan Kaih Jrim`,
    [
      ['Tin lành', 0.3],
      ['Công giáo', 0.2],
    ],
  ),
  'Ba Na': people(
    'bahnar',
    'Đinh',
    'Thút Hyưh Nup Blưh Chưng Đunh Hmưnh Khươu Lưu Ngưi Phơih Tơng Yưh Wưt Alip Brơi Kha Jưn Thiu',
    'Nhơn Byưi Hnhơn Blêng Đeng Khyưn Lưi Mrưi Plơng Uinh Vêng Xem Hlyưn Bơk Jơi Phưng',
    [['Công giáo', 0.5]],
  ),
  'Xơ Đăng': people(
    'bahnar',
    'A',
    'Brol Thuyên Vẽ Đeng Hiếu Ngoan Thái Biu Chiên Kring Nhớ Phương Reng Xuân Tơn Jring Lênh',
    'Vêng Hlúi Xim Nhung Thoa Blêu Đra Hồng Lai Phin Gươm Thôi Ngân Dem Bing Chia',
    [['Công giáo', 0.35]],
  ),
  'Cơ Ho': people(
    'koho',
    'Kơ Să|Cil|Lơ Mu|Liêng Hót|Đa Cát|Bon Niêng|Rơ Ông|Cil Múp|Păng Ting|Lơ Ndu|Dơ Woang|Sơ Kết',
    'Brơi Brèo Tếu Bảo Brin Đoàn Điệp Thơng Wơn Lơng Krai Nhọ Sơn Mbrôi Chi Jiêng Đức Wik Tem',
    'Hem Dịp Thoan Brịp Điều Hàm Hiền Nhép Ngọc Loan Thủy Rôl Đung Mỹ Srin Nhơi Chơn Dung Lim',
    [
      ['Công giáo', 0.45],
      ['Tin lành', 0.35],
    ],
  ),
  Mạ: people(
    'koho',
    'Ka Dơng|Tou Prong|Bon Đing|Đồng Tâm',
    'Bảo Đim Krền Nhổi Wểu Lộc Tiếu Brọh Thế Đô Mồng Ngàn Sềnh',
    'Rỉn Thìn Nhổi Đùm Bồng Hoàn Mến Lềm Sương Yến Ngớt Diệp',
    [['Công giáo', 0.5]],
  ),
  Mnông: people(
    'ede',
    'Bkrông|Buôn Dăp|Du|Liêng|Ndu|Triêk|Teh|Pang Ting|Bing|Đăk Chă',
    `${RHADE_MEN} Xuyên Krang Kré Bơng`,
    `${RHADE_WOMEN} Bưng Jang Đing`,
    [['Tin lành', 0.4]],
  ),
  Xtiêng: people(
    'stieng',
    'Điểu',
    `Bảo Đố Lên K'Ré Hớ Mớt Nhôm Sươn Thành Dom Lôi Ngọc Hoàng Kiêu Tuyên Bơi Nen Srây Phương`,
    'Nhân Mai Bế Khơi Đưm Hồng Rinh Beng Dét Lơi Phương Sen Oanh Xiêng Mơn Hương',
    [['Tin lành', 0.4]],
  ),
};
