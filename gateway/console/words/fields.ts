import type { Language } from '../../../connectors/kit/messages.ts';
import { pathOf, VOCABULARY } from '../../fields/vocabulary.ts';

/** Every leaf of the vocabulary as a citizen calls it: Vietnamese, English. A test holds the list against the vocabulary. */
const NAMES: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  personal_id: ['Số định danh cá nhân', 'Personal ID number'],
  full_name: ['Họ, chữ đệm và tên khai sinh', 'Full name at birth'],
  date_of_birth: ['Ngày, tháng, năm sinh', 'Date of birth'],
  sex: ['Giới tính', 'Sex'],
  other_names: ['Tên gọi khác', 'Other names'],
  birthplace: ['Nơi sinh', 'Place of birth'],
  birth_registration_place: ['Nơi đăng ký khai sinh', 'Place of birth registration'],
  origin: ['Quê quán', 'Place of origin'],
  ethnicity: ['Dân tộc', 'Ethnicity'],
  religion: ['Tôn giáo', 'Religion'],
  nationalities: ['Quốc tịch', 'Nationality'],
  blood_type: ['Nhóm máu', 'Blood type'],
  old_identity_numbers: ['Số chứng minh nhân dân 9 số', 'Old nine-digit identity card number'],
  'card.issued_on': ['Ngày cấp thẻ căn cước', 'Issue date of the identity card'],
  'card.expires_on': ['Ngày hết hạn thẻ căn cước', 'Expiry date of the identity card'],
  'father.full_name': ['Họ tên cha', 'Father’s name'],
  'father.personal_id': ['Số định danh của cha', 'Father’s ID number'],
  'mother.full_name': ['Họ tên mẹ', 'Mother’s name'],
  'mother.personal_id': ['Số định danh của mẹ', 'Mother’s ID number'],
  'spouse.full_name': ['Họ tên vợ hoặc chồng', 'Spouse’s name'],
  'spouse.personal_id': ['Số định danh của vợ hoặc chồng', 'Spouse’s ID number'],
  'children.full_name': ['Họ tên các con', 'Children’s names'],
  'children.personal_id': ['Số định danh của các con', 'Children’s ID numbers'],
  'legal_representative.full_name': ['Họ tên người đại diện hợp pháp', 'Legal representative’s name'],
  'legal_representative.personal_id': ['Số định danh của người đại diện hợp pháp', 'Legal representative’s ID number'],
  'represented_person.full_name': ['Họ tên người được đại diện', 'Represented person’s name'],
  'represented_person.personal_id': ['Số định danh của người được đại diện', 'Represented person’s ID number'],
  'permanent_address.province': ['Tỉnh, thành phố thường trú', 'Province of permanent residence'],
  'permanent_address.commune': ['Xã, phường, đặc khu thường trú', 'Commune of permanent residence'],
  'permanent_address.detail': ['Địa chỉ thường trú chi tiết', 'Permanent address in detail'],
  'temporary_address.province': ['Tỉnh, thành phố tạm trú', 'Province of temporary residence'],
  'temporary_address.commune': ['Xã, phường, đặc khu tạm trú', 'Commune of temporary residence'],
  'temporary_address.detail': ['Địa chỉ tạm trú chi tiết', 'Temporary address in detail'],
  'current_address.province': ['Tỉnh, thành phố nơi ở hiện tại', 'Province of current residence'],
  'current_address.commune': ['Xã, phường, đặc khu nơi ở hiện tại', 'Commune of current residence'],
  'current_address.detail': ['Nơi ở hiện tại chi tiết', 'Current address in detail'],
  absence: ['Tình trạng khai báo tạm vắng', 'Declared absence'],
  residence_file_number: ['Số hồ sơ cư trú', 'Residence file number'],
  marital_status: ['Tình trạng hôn nhân', 'Marital status'],
  'household.relation_to_head': ['Quan hệ với chủ hộ', 'Relation to the head of household'],
  'household.head_full_name': ['Họ tên chủ hộ', 'Name of the head of household'],
  'household.head_personal_id': ['Số định danh của chủ hộ', 'ID number of the head of household'],
  'household.member_names': ['Họ tên thành viên hộ gia đình', 'Names of household members'],
  'life.status': ['Tình trạng còn sống, đã chết hoặc mất tích', 'Whether alive, deceased or missing'],
  'life.deceased_on': ['Ngày chết', 'Date of death'],
  'life.missing_since': ['Ngày tuyên bố mất tích', 'Date of being declared missing'],
  'contact.mobile': ['Số điện thoại di động', 'Mobile number'],
  'contact.email': ['Địa chỉ thư điện tử', 'E-mail address'],
  other: ['Thông tin khác', 'Other information'],
};

/** The field's name for people; its path where a newer gateway names one that is not known here. */
export function fieldName(path: string, language: Language): string {
  return NAMES[path]?.[language === 'vi' ? 0 : 1] ?? path;
}

/** Names of what a mask says: a group in it (`permanent_address`) is all that is below it. */
export function fieldNames(paths: readonly string[] | undefined, language: Language): readonly string[] {
  const leaves = (paths ?? []).flatMap((path) => VOCABULARY.groups.get(path)?.map(pathOf) ?? [path]);
  return [...new Set(leaves)].map((path) => fieldName(path, language));
}
