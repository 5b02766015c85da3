/** What the commands of a development deployment say, in both languages. */
import type { Language } from '../../../connectors/kit/messages.ts';
import { fill } from '../problem.ts';

export const DEV_WORDS = {
  en: {
    postgres: 'Starting PostgreSQL',
    preparing: 'Schema, development CA, keys, agencies',
    outdated:
      '! agreement {id}: its file was changed without a higher version; the old one holds. Give a copy of the file a higher "version", then: lienthong agreement propose COPY --profile {folder}/officers/dev-officer-1, and lienthong proposal approve DIGEST --profile {folder}/officers/dev-officer-2',
    launching: 'Starting the gateway',
    stopping: 'Stopping…',
    barred: '{agency} is barred (change {revision}): every further call and chunk of it is refused.',
    gateway: 'Gateway of {id} on localhost:{port} (mutual TLS; development trust, loopback only)',
    profiles: 'Profiles: {codes} in {folder}/agencies/',
    empty: '  The register is empty. Fill it:',
    next: '  In another terminal:',
    end: 'Ctrl-C stops everything; the data stays.',
  },
  vi: {
    postgres: 'Khởi động PostgreSQL',
    preparing: 'Lược đồ, CA thử nghiệm, khóa, các cơ quan',
    outdated:
      '! thỏa thuận {id}: tệp đã sửa nhưng không tăng phiên bản; bản cũ vẫn hiệu lực. Hãy tăng "version" trong một bản sao của tệp, rồi chạy: lienthong agreement propose COPY --profile {folder}/officers/dev-officer-1, và lienthong proposal approve DIGEST --profile {folder}/officers/dev-officer-2',
    launching: 'Khởi động cổng',
    stopping: 'Đang dừng…',
    barred: '{agency} đã bị chặn (thay đổi {revision}): mọi lời gọi và lô tiếp theo đều bị từ chối.',
    gateway: 'Cổng {id} tại localhost:{port} (TLS hai chiều; chỉ dùng để phát triển, chỉ trên máy này)',
    profiles: 'Hồ sơ kết nối: {codes} trong {folder}/agencies/',
    empty: '  CSDL dân cư đang trống. Nhập dữ liệu:',
    next: '  Ở một cửa sổ lệnh khác:',
    end: 'Ctrl-C dừng tất cả; dữ liệu được giữ lại.',
  },
} as const;

/** Of a stored agreement whose file says something else under the same version, and what mends it. */
export function outdatedLine(id: string, folder: string, language: Language): string {
  return fill(DEV_WORDS[language].outdated, { id, folder });
}

/** What to do with what is running. */
export function readyText(
  facts: {
    readonly id: string;
    readonly port: number;
    readonly folder: string;
    readonly profiles: Readonly<Record<string, string>>;
    readonly people: boolean;
  },
  language: Language,
): string {
  const words = DEV_WORDS[language];
  const { id, port, folder } = facts;
  const filling = facts.people
    ? []
    : [words.empty, `    npx lienthong register import persons.csv --data ${folder}`, ''];
  return [
    '',
    fill(words.gateway, { id, port }),
    fill(words.profiles, { codes: Object.keys(facts.profiles).join(', '), folder }),
    '',
    ...filling,
    words.next,
    `    npx lienthong telco verify subscribers.csv --out results.csv --profile ${folder}/agencies/viettel`,
    `    npx lienthong person get ID --fields full_name,date_of_birth --profile ${folder}/agencies/moh`,
    `    npx lienthong call lienthong.server.v1.ServerService/GetServerInfo '{}' --profile ${folder}/agencies/moh`,
    '',
    words.end,
  ].join('\n');
}
