import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { ListAccessesResponseSchema } from '../../proto/gen/lienthong/audit/v1/audit_pb.js';
import { createNames } from './names.ts';
import { accessesPage, accessPage } from './pages/accesses.ts';
import { createSampleLog } from './sample-log.test-support.ts';

const log = createSampleLog(1_795_000_000_000);
const FACTS = {
  ...{ names: createNames({ agencies: {}, purposes: {} }), trust: log.trust, channel: 'citizen-page' },
  ...{ represented: false, page: 1, month: '' },
};
const [look, other] = log.accesses;
const view = (accesses: typeof log.accesses) => create(ListAccessesResponseSchema, { accesses: [...accesses] });

describe('who looked', () => {
  test.each([
    [false, 'Bạn hoặc người đại diện của bạn, qua trang này'],
    [true, 'Người này hoặc người đại diện, qua trang này'],
  ])('a look by this page is nobody’s officer and nothing to object to; of a represented person: %s', async (represented, who) => {
    if (look === undefined || other === undefined) throw new Error('no sample');
    const own = { ...look, agency: FACTS.channel, agencyVi: '', agencyEn: '' };
    const text = String(await accessesPage('vi', view([own]), { ...FACTS, represented }));
    expect(text).toContain(who);
    expect(text).not.toMatch(/Cán bộ|Phản đối/);
    expect(String(await accessPage('vi', own, { ...FACTS, represented }))).not.toContain('Cán bộ');
    expect(String(await accessesPage('vi', view([other]), { ...FACTS, represented }))).toMatch(/Cán bộ.*Phản đối/s);
  });

  test('a list that was unlinked says since when it is one, and not that nobody ever looked', async () => {
    const unlinked = { ...view([]), unlinkedOn: BigInt(Date.UTC(2026, 10, 29, 17) / 1000) };
    const page = async (language: 'vi' | 'en', month = '') =>
      String(await accessesPage(language, unlinked, { ...FACTS, month }));
    expect(await page('vi')).toMatch(/Ngày 30\/11\/2026, theo một quyết định xóa.*Từ đó chưa có ai xem/s);
    expect(await page('en')).toMatch(/On 30\/11\/2026, by an order of erasure.*Nobody has looked since/s);
    expect(await page('en', '2026-11')).toMatch(/On 30\/11\/2026.*Nobody looked in this month/s);
    expect(String(await accessesPage('en', view([]), FACTS))).toMatch(/Nobody has looked\.(?!.*erasure)/s);
  });

  test('nothing is promised of an officer’s pseudonym', async () => {
    for (const language of ['vi', 'en'] as const) {
      expect(String(await accessesPage(language, view(log.accesses), FACTS))).not.toMatch(
        /khiếu nại, cổng|find out who/,
      );
    }
  });

  test.each([
    ['vi', 'không chắc chính đơn vị này đã hỏi'],
    ['en', 'not certain that the agency itself asked'],
  ] as const)('of a key that was in other hands it is said, in %s, and of no other', async (language, said) => {
    if (look === undefined || other === undefined) throw new Error('no sample');
    const lost = { ...look, unproven: true };
    expect(String(await accessesPage(language, view([lost]), FACTS))).toContain(said);
    expect(String(await accessPage(language, lost, FACTS))).toContain(said);
    expect(String(await accessesPage(language, view([look, other]), FACTS))).not.toContain(said);
  });
});
