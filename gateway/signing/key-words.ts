/** What is said of a key that cannot be used: never with a value of it. */
import type { Words } from '../errors/words.ts';

export const KEY_WORDS = {
  readByOthers: {
    en: 'key file {path} may be read by others: chmod 600 it',
    vi: 'người khác đọc được tệp khóa {path}: hãy chạy chmod 600 cho tệp này',
  },
  unusableSigning: {
    en: 'key file {path} holds no usable signing key',
    vi: 'tệp khóa {path} không có khóa ký dùng được',
  },
  unusableEncryption: {
    en: 'key file {path} holds no usable encryption key',
    vi: 'tệp khóa {path} không có khóa mã hóa dùng được',
  },
  notJson: { en: 'key file {path} is not JSON', vi: 'tệp khóa {path} không phải JSON' },
  notPrivate: {
    en: 'not a private EC key on P-256 for {alg}',
    vi: 'không phải khóa bí mật EC trên P-256 cho {alg}',
  },
  notThumbprint: {
    en: 'kid of the key is not its thumbprint',
    vi: 'kid của khóa không phải dấu vân tay của khóa',
  },
  notPair: {
    en: 'private and public half of the key do not belong together',
    vi: 'phần bí mật và phần công khai của khóa không phải một cặp',
  },
} as const satisfies Record<string, Words>;
