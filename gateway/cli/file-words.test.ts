import { describe, expect, it } from 'vitest';
import { settle } from '../../connectors/kit/learn/finding.ts';
import type { VerifySummary } from '../../connectors/telco/verify.ts';
import { fileLines, profileLine } from './file-words.ts';

const PLAIN = {
  ...({ encoding: 'utf-8', dateOrder: 'day-first', newYearMeansUnknown: false } as const),
  ...{ nameWidth: 0, daysFrom1904: false },
};

function learnt(evidence: Record<string, number>): VerifySummary['learnt'] {
  const plain = <T>(value: T) => settle({ value, evidence: {} }, undefined);
  return {
    encoding: settle({ value: 'tcvn3' as const, evidence }, undefined),
    ...{ dateOrder: plain('day-first' as const), newYearMeansUnknown: plain(false) },
    ...{ nameWidth: plain(0), daysFrom1904: plain(false) },
  };
}

describe('what is said of a file', () => {
  it('is its encoding, and its habits where it has them', () => {
    expect(profileLine(PLAIN, 'en')).toBe('Read as UTF-8.');
    const full = {
      ...({ encoding: 'tcvn3', dateOrder: 'month-first', newYearMeansUnknown: true } as const),
      ...{ nameWidth: 25, daysFrom1904: true },
    };
    expect(profileLine(full, 'en')).toBe(
      'Read as TCVN3 (ABC). Month before day in its dates. Names are cut at 25 characters. 1 January stands for unknown day. Day numbers count from 1904.',
    );
    expect(profileLine(full, 'vi')).toBe(
      'Đọc theo bảng mã TCVN3 (ABC). Ngày tháng trong tệp ghi tháng trước ngày. Họ tên bị cắt ở 25 ký tự. Ngày 1 tháng 1 nghĩa là không rõ ngày. Số ngày tính từ năm 1904.',
    );
  });

  it('is an encoding that only another client knows by its own name, and nothing where none was said', () => {
    expect(profileLine({ ...PLAIN, encoding: 'koi8' }, 'en')).toBe('Read as koi8.');
    expect(profileLine({ ...PLAIN, encoding: '' }, 'en')).toBe('');
  });

  it('names what is doubtful', () => {
    const fits = learnt({ marked: 100, utf8: 0, words: 100, fitting: 99 });
    expect(fileLines({ learnt: fits, unreadable: { count: 0, line: 0 } }, 'en')).toEqual(['Read as TCVN3 (ABC).']);
    const doubtful = learnt({ marked: 100, utf8: 30, words: 100, fitting: 70 });
    expect(fileLines({ learnt: doubtful, unreadable: { count: 1200, line: 17 } }, 'en')).toEqual([
      'Read as TCVN3 (ABC).',
      'Only 70.0 % of its words with marks read as Vietnamese so: check, or say the encoding (--encoding).',
      '1,200 places cannot be read so, the first in line 17; each became \ufffd.',
    ]);
  });
});
