/**
 * Names of the Kinh, from the commonest to the rarest, by sex and time of birth. Single words only: people are drawn part
 * by part, so no real person's full name is copied from anywhere. All in NFC, tone marks in the older placement (hòa, thúy).
 */
import { ranked, type Weighted, weightedWords, words } from './random.ts';

/** Family names with shares in thousandths; one entry with `_` stands for a double family name. */
export const FAMILY_NAMES: Weighted<string> = weightedWords(`
Nguyễn:314 Trần:109 Lê:84 Phạm:63 Hoàng:33 Huỳnh:24 Phan:28 Vũ:27 Võ:23 Đặng:23 Bùi:22 Đỗ:20 Hồ:15 Ngô:15 Dương:12 Lý:9
Đào:8 Đoàn:8 Vương:5 Trịnh:8 Trương:13 Đinh:9 Lâm:7 Phùng:6 Mai:7 Tô:5 Hà:8 Tạ:5 Cao:7 Lương:7 Thái:4 Châu:4 Chu:4 Tăng:3
Lưu:4 Quách:2 Kiều:3 Nghiêm:2 Thân:2 Từ:2 Triệu:2 Đàm:3 La:2 Mạc:2 Văn:2 Lại:2 Hứa:2 Khuất:1 Phí:1 Doãn:1 Đồng:1 Cù:1 Bạch:1
Giang:1 Khổng:1 Lục:1 Nhâm:1 Ninh:1 Ông:1 Quản:1 Tống:2 Trà:1 Trang:1 Ứng:1 Viên:1 Đậu:1 Thạch:1 Diệp:1 Âu:1 Bành:1 Cấn:1
Chử:1 Đan:1 Đường:1 Hàn:1 Hàng:1 Hầu:1 Lã:1 Liêu:1 Mạch:1 Ngụy:1 Phó:1 Tiêu:1 Thiều:1 Trình:1 Tưởng:1 Uông:1 Yên:1 Ngụ:1
Tôn_Thất:1 Tôn_Nữ:1 Đặng_Trần:1 Nguyễn_Phước:1 Vũ_Đình:1 Lê_Nguyễn:1 Phan_Huy:1`);

/** Eras by year of birth: names change faster than anything else in a population. */
export const ERA_STARTS = [1955, 1975, 1990, 2005] as const;

/** 0 to 4. */
export function eraOf(year: number): number {
  let era = 0;
  while (era < ERA_STARTS.length && year >= ERA_STARTS[era]!) era++;
  return era;
}

/** Commonest middle name of each sex and its share by era; the rest draw from MIDDLE_NAMES. */
export const COMMON_MIDDLE = {
  M: { word: 'Văn', shares: [0.55, 0.45, 0.33, 0.16, 0.05] },
  F: { word: 'Thị', shares: [0.92, 0.85, 0.62, 0.34, 0.1] },
} as const;

/** Share without a middle name, and share with two, by era. */
export const NO_MIDDLE_SHARES = [0.05, 0.04, 0.03, 0.02, 0.015] as const;
export const TWO_MIDDLE_SHARES = {
  M: [0.01, 0.02, 0.03, 0.08, 0.16],
  F: [0.08, 0.17, 0.3, 0.38, 0.4],
} as const;

export const MIDDLE_NAMES = {
  M: ranked(
    words(`
Minh Đức Hữu Đình Quốc Công Xuân Thanh Hoàng Ngọc Anh Quang Duy Tuấn Gia Trọng Thành Thế Tiến Bá Mạnh Việt Hồng Trung Đăng Bảo
Huy Khánh Phúc Nhật Hải Chí Nam Viết Tấn Phước Vĩnh Thái Trường Hoài Như Ngô Sỹ Danh Khắc Doãn Cảnh Nguyên Tùng Tiến Kim Vũ
Thiên An Đại Bình Lê Trần Phạm Hùng Kiến Quý Hòa Tài Xuân Sơn Phú Khôi Thiện Lương Long Mậu Ích Nhân Phi Thuận Tường Lâm Song
Hiếu Cao Đông Dương Kiên Tôn Chấn Triệu Kế Đắc Đức Hào Khải Uy Vinh Thịnh Tự Trí Tử Việt Vĩ Bửu Hưng Kỳ Linh Luân`),
  ),
  F: ranked(
    words(`
Ngọc Thanh Kim Thu Minh Bích Hồng Thùy Phương Mỹ Tuyết Xuân Diệu Hoàng Khánh Quỳnh Bảo Anh Lan Như Cẩm Mai Hải Tú Thúy Hà Kiều
Yến Ánh Hoài Vân Huyền Trúc Thảo Diễm Tường Lệ Hương Linh Thiên Gia Hạnh Thục Tố Uyên Bạch Băng Đan Đông Mộng Ngân Nguyệt Nhã
Nhật Phi Phụng Quế Song Tâm Thái Thủy Tịnh Trà Việt Vy Ái An Cát Châu Chi Hạ Hiền Hiếu Hoa Hoàn Huệ Khả Lam Lê Liên Loan Mẫn
Nam Nguyên Phúc Quý Thạch Thiện Thoại Thư Tiểu Tuệ Trang Triều Túy Tùng Vàng Viên Ý Yên Nghi Sao Lưu Hiểu Đoan Dạ Dương Đài`),
  ),
} as const;

const OLD = {
  M: words(`
Hùng Dũng Hải Minh Thành Bình Sơn Hòa Thắng Long Tuấn Cường Tâm Quang Phúc Đức Thanh Tiến Lâm An Toàn Chiến Nam Trung Lợi Hưng
Khánh Tài Tấn Vinh Xuân Hiền Ngọc Kim Bảy Năm Ba Tư Sáu Tám Chín Út Lộc Thọ Phước Đông Mạnh Khoa Nghĩa Lễ Trí Tín Kỳ Châu Cảnh
Chính Thuận Hậu Bé Cả Đạt Định Đoàn Đồng Giang Hạnh Hiếu Hội Huấn Hữu Huỳnh Ích Khải Khiêm Khôi Kiên Liêm Liêu Luận Lực Lương Lưu
Lý Mão Mậu Mùi Ngân Ngãi Nhân Nhơn Nhuận Ninh Phấn Phong Phú Phụng Quế Quý Quyền Quyết Sang Sáng Sinh Soạn Sửu Sỹ Tạo Thạch Thái
Thân Thảo Thế Thiện Thìn Thịnh Thoại Thông Thơ Thu Thuần Thuyết Thức Tích Tỉnh Tính Toán Triệu Trọng Trụ Trực Tuất Tùng Tuyên Ứng
Vạn Vị Việt Vượng Xướng Yên Dần Tý Tỵ Ngọ Hợi Khang Đính Cần Kiệm Chuyên Chức Dậu Điền Đệ Gắng Hinh Hoạch Huệ Hy Khuê`),
  F: words(`
Hoa Lan Hương Mai Hồng Thanh Liên Nga Hà Nguyệt Loan Tuyết Vân Yến Bình Tâm Thu Cúc Đào Phượng Hạnh Hiền Hòa Huệ Kim Lý Minh Ngọc
Nhung Oanh Phương Sen Thảo Thủy Tuyến Xuân Hường Lành Lài Mận Bưởi Na Gái Bé Út Ba Tư Năm Sáu Bảy Tám Chín Mười Hai Lụa Gấm Nhài
Cam Chanh Chanh Dung Dự Đẹp Điệp Đông Em Gấm Hằng Hậu Hoàn Hợi Huyền Khuyên Kiều Lựu Lê Lệ Loan Lợi Luyến Mão Mến Mẫn Mùi Muội Mỹ
Ngà Ngần Ngân Nghĩa Ngoan Nhàn Nhẫn Nhiên Nhị Ninh Nụ Phấn Phúc Quế Quy Quý Sâm Sáng Soan Son Sửu Tằm Thắm Thạnh Thìn Thịnh Thoa
Thơm Thuận Thục Thược Tính Tình Tố Toan Tơ Trinh Tuất Tươi Tý Tỵ Vàng Viên Vinh Vui Xoan Xuyến Ý Yên Ánh Ân Bích Cẩn Châu Chắt Chín
Dần Dậu Duyên Đoan Ngọ Khánh Liễu Nết Rạng Sương Thì Tiếp Tiềm`),
} as const;

const MIDDLE_AGED = {
  M: words(`
Hùng Tuấn Dũng Cường Minh Sơn Hải Thắng Hoàng Anh Nam Long Thành Quang Bình Trung Đức Tùng Hiếu Phương Hưng Việt Linh Vinh Kiên
Tâm Toàn Mạnh Tiến Khánh Tú Thanh Hà Nghĩa Phong Đạt Quân Huy Trường Giang Lâm Khoa Duy Hòa Phúc Tài Thịnh Vũ Bảo Chung Công Cương
Chiến Chinh Chương Diện Doanh Du Duẩn Dương Đại Đăng Điệp Định Đoàn Đô Đông Đồng Giáp Hạnh Hân Hào Hậu Hiển Hiệp Hiệu Hoan Hoạt
Học Hợp Huân Huấn Huynh Hưởng Khải Khang Khiêm Khôi Khương Lam Lập Lân Liêm Lĩnh Lịch Lộc Lợi Luân Luật Lực Lương Luyện Nghị Ngọc
Nguyên Nhã Nhật Ninh Pha Phi Phú Phước Quảng Quý Quyền Quyết Quỳnh Sáng Sinh Song Sử Tân Tạo Thái Thao Thân Thế Thi Thiện Thiết
Thiệu Thông Thuận Thủy Thức Thương Tín Tình Tĩnh Toản Tôn Triều Trình Trí Trọng Trực Tuyên Tuyển Tưởng Văn Vĩ Vĩnh Vịnh Vương Xuân
Yên`),
  F: words(`
Hương Hạnh Hằng Hoa Lan Thủy Thu Hà Nga Yến Mai Hiền Phương Huyền Trang Hồng Nhung Oanh Loan Dung Tuyết Vân Ngọc Thảo Liên Hoài
Thanh Thúy Liễu Bích Phượng Lý Hường Hòa Bình Ngân Xuân Tâm Minh Giang Linh Quỳnh Trinh Diệp Duyên Hậu Huệ Lệ Luyến Mỹ Nguyệt Anh
Ánh Chi Châu Cúc Chinh Chung Dịu Diễm Diện Đào Điệp Định Đông Gấm Hải Hảo Hân Hiên Hiệp Hoàn Hợp Hưng Khanh Khánh Khuyên Kiều Kim
Lành Lâm Len Lương Lụa Mận Mến Miên Mơ Mừng Na Ngà Nghĩa Ngoan Nguyên Nhàn Nhâm Nhạn Nhiên Như Nhượng Ninh Nương Phấn Phụng Quế Quyên
Quyết Quý Sang Sen Sinh Soan Sương Thái Thắm Thắng Thêu Thiện Thìn Thoa Thoan Thơ Thơm Thuận Thùy Thục Thư Thương Tình Toàn Trâm Trúc
Tú Tuyến Tươi Tuyền Uyên Vinh Vui Vượng Xinh Xoan Xuyến Ý Yên Vĩnh Việt Út Hiếu Lài Nữ Hạ Khuê Liêm Nhã`),
} as const;

const YOUNG = {
  M: words(`
Huy Khang Bảo Minh Phúc Anh Khoa Phát Đạt Khôi Long Nam Duy Quân Kiệt Thịnh Tuấn Hưng Hoàng Hiếu Nhân Trí Tài Phong Nguyên An Thành
Đức Dũng Lộc Khánh Vinh Nghĩa Hào Lâm Tùng Sơn Thiện Tiến Trung Tú Quang Huân Việt Thắng Hải Đăng Dương Nhật Bình Kiên Vũ Cường Vĩ
Vương Thái Thiên Hậu Phước Thông Toàn Quốc Quý Phú Sang Tân Tấn Tâm Hùng Mạnh Luân Linh Lợi Khải Khiêm Hiển Gia Giang Đông Định Đại
Danh Chí Cảnh Bách Ân Triết Trường Trọng Tường Tín Thuận Thiệu Ninh Nhất Ngọc Lực Kỳ Khương Hòa Hiệp Hân Hạo Hoan Doanh Du Duệ
Hy Khuê Lam Lân Lập Lương Mẫn Nghi Nghị Phi Quyền Sáng Sinh Tùng Tuệ Tuyên Uy Văn Viễn Vĩnh Xuân Đan Đoàn Đô Ngạn Nhã Hữu`),
  F: words(`
Anh Linh Trang Ngọc Nhi Vy Thảo Phương Hân Như Hà My Châu Ngân Uyên Quỳnh Trâm Thư Mai Huyền Chi Giang Nhung Hương Yến Tiên Trinh
Khánh An Hằng Thanh Thùy Lan Dung Duyên Trúc Tuyền Vân Thúy Minh Tâm Ly Diệp Nguyên Oanh Loan Thủy Hiền Hạnh Hồng Thương Đan Nga Kim
Hoa Lam Khuê Ánh Băng Bình Ca Cầm Cát Diễm Di Diệu Du Dương Đào Đoan Đông Gia Hạ Hảo Hiên Hoài Hoàn Huệ Hường Khanh Khuyên Kiều
Lâm Lê Lệ Liên Loan Lý Mẫn Mến Miên Mỹ Na Nghi Ngà Nguyệt Nhã Nhàn Nhiên Nương Phi Phúc Phụng Phượng Quế Quyên Sa Sam San Sang Sao
Sương Thắm Thiên Thoa Thơ Thục Thy Tú Tuệ Tuyết Tường Tố Trà Triều Vi Viên Việt Vui Xuân Ý Yên Bảo Bích Ái Ân Hy Nhiên Nhật Lam`),
} as const;

/** Given names by sex and era (0 = before 1955 … 4 = from 2005). */
export const GIVEN_NAMES = {
  M: [OLD.M, [...MIDDLE_AGED.M, ...OLD.M], MIDDLE_AGED.M, YOUNG.M, YOUNG.M].map((list) =>
    ranked([...new Set(list)], 12),
  ),
  F: [OLD.F, [...MIDDLE_AGED.F, ...OLD.F], MIDDLE_AGED.F, YOUNG.F, YOUNG.F].map((list) =>
    ranked([...new Set(list)], 12),
  ),
} as const;
