import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CATALOGUE } from '../errors/catalogue.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SPEAK = ['gateway/cli', 'gateway/errors', 'connectors'];

/** What a word is mistaken for, and what is said instead. */
const MISTAKEN: Readonly<Record<string, { readonly not: RegExp; readonly but: string }>> = {
  '“lệnh sau” is the command that follows': { not: /lệnh sau[.:]/i, but: 'chạy lại lệnh này' },
  'the register is not the database that it is kept in': {
    not: /cơ sở dữ liệu dân cư|CSDL(?! dân cư)|(?:cán bộ|danh mục nào) của cơ sở dữ liệu/i,
    but: 'CSDL dân cư',
  },
  'the contract of an interface is none between parties': { not: /hợp đồng/i, but: 'đặc tả giao diện' },
  'a port is no gateway': { not: /cổng (?:\{port\}|trong config|khác: --port)/i, but: 'cổng mạng' },
  'who died is not who is missing': { not: /(?:bao|người|này) (?:có thể )?(?:đã )?mất(?! tích)/i, but: 'đã chết' },
  'a private key is secret, not merely one’s own': { not: /(?:khóa|JWK) riêng/i, but: 'khóa bí mật, JWK bí mật' },
  'the log has one word for its entries': {
    not: /\{(?:size|count|entries|kept)\} mục|mục (?:cuối )?(?:của )?nhật ký/i,
    but: 'bản ghi',
  },
  'a chunk has one word': { not: /(?:một|số|các|mỗi|·) khối|khối (?:dữ liệu|\{)/i, but: 'lô' },
  'the matching profile is no profile of a connection': { not: /hồ sơ đối chiếu/i, but: 'bộ quy tắc đối chiếu' },
  'notices of a verdict have one word': { not: /'Thông báo'|và thông báo,/, but: 'Lưu ý' },
  'invented people have one word': { not: /giả định|dân số/i, but: 'giả lập, tập người giả lập' },
  'data are brought in by one word': { not: /(?<!kết )nạp/i, but: 'nhập' },
  'the operator has one name': { not: /đơn vị quản lý/i, but: 'đơn vị vận hành' },
};

const sources = SPEAK.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => ({ path: `${folder}/${path}`, lines: readFileSync(join(ROOT, folder, path), 'utf8').split('\n') })),
);

describe('the Vietnamese of commands and refusals', () => {
  test.each(Object.entries(MISTAKEN))('%s', (_why, { not, but }) => {
    const found = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (not.test(line) ? [`${path}:${at + 1} ${line.trim()} → ${but}`] : [])),
    );
    expect(found).toEqual([]);
  });

  test('a signature ahead of the server’s clock is told as later than it, not as earlier', () => {
    const { vi } = CATALOGUE[ErrorReason.CLOCK];
    expect(vi).toContain('muộn hơn giờ máy chủ');
    expect(vi).not.toContain('sớm hơn');
  });
});
