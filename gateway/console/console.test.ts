import { create } from '@bufbuild/protobuf';
import { describe, expect, test, vi } from 'vitest';
import {
  MatterDecisionSchema,
  MatterExtensionSchema,
  MatterKind,
  MatterOutcome,
  MatterReason,
} from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { VOCABULARY } from '../fields/vocabulary.ts';
import { toBase64url } from '../proof/bytes.ts';
import { assets, browse, consent, ORIGIN, REQUEST, signedIn } from './browse.test-support.ts';
import { readConsentRequest } from './consent-order.ts';
import { AN, createSample } from './sample.test-support.ts';
import { SIGNED_IN_MS } from './session.ts';
import { monthOf, readMonth } from './when.ts';
import { fieldName, fieldNames } from './words/fields.ts';

describe('without script', () => {
  test('a person is asked, signs in, chooses, reads, agrees, withdraws; each call carries their signature', async () => {
    const page = browse();
    await page.visit(REQUEST);
    expect(page.path).toBe('/vi/sign-in');
    await page.submit('/sign-in', [['number', AN]]);
    expect(page.path).toBe(REQUEST);
    expect(page.text, 'nothing is chosen beforehand').not.toMatch(/\schecked/);
    await page.submit('/consents/new', [['days', '30']]);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Hãy chọn ít nhất một thông tin.');
    await page.submit('/consents/new', [
      ['field', '2'],
      ['days', '30'],
    ]);
    expect(page.sample.acted, 'nothing is done by choosing').toEqual([]);
    await page.submit('/consents/agree');
    expect(page.path).toBe('/vi/consents');
    const [given] = page.sample.consents;
    expect(given).toMatchObject({ fields: { paths: ['full_name'] }, useQuota: 5, language: 'vi' });
    expect(page.text, 'the exact text').toContain(given?.textShown);
    const [, withdraw = ''] = /href="(\/vi\/consents\/[\w-]+\/withdraw)"/.exec(page.text) ?? [];
    await page.visit(withdraw);
    expect(page.sample.receipts).toEqual([]);
    await page.submit('/withdraw');
    expect(page.text).toContain('Vẫn tiếp tục theo luật');
    expect(page.text).toContain('Bảo hiểm xã hội Việt Nam');
    expect(page.sample.acted).toEqual(['GrantConsent', 'ListConsents', 'WithdrawConsent']);
    expect(page.places.filter((place) => place.includes(AN))).toEqual([]);
  });

  test('who looked: page after page, the position, what is held back, the proof as a file, an objection to a line', async () => {
    const page = await signedIn();
    await page.visit('/vi/accesses');
    expect(page.text).toContain('bản ghi số 7');
    expect(page.text).toContain('Có 1 lần');
    expect(page.text).toContain('Bộ Y tế');
    await page.visit('/vi/accesses?page=2');
    expect(page.text).toContain('viettel');
    expect(page.text).not.toContain('?page=3');
    expect(page.text, 'and back to the newer ones').toContain('href="/vi/accesses">Những lần sau đó');
    await page.visit('/vi/accesses?month=2020-02');
    expect(page.text).toContain('Không có lần nào trong tháng này.');
    await page.visit('/vi/accesses?page=2');
    const [, entry = ''] = /href="(\/vi\/accesses\/[\w-]{22})"/.exec(page.text) ?? [];
    await page.visit(entry);
    const file = await page.send(`${entry}/proof`);
    expect(file.headers.get('content-disposition')).toContain('.binpb');
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(300);
    const later = Date.now() + 62_000;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
    const read = await page.send(`${entry}/proof`);
    clock.mockRestore();
    expect(read.headers.get('content-disposition'), 'however long the line was read').toContain('.binpb');
    await page.visit(`${entry}/object`);
    await page.submit('/object');
    expect(page.text).toContain('15 ngày');
    expect(page.text, 'an objection waits for its decision').toContain('một cán bộ sẽ quyết định');
    expect(page.text).not.toContain('Đã hoàn tất');
    expect(page.sample.acted.at(-1)).toBe('Object');
  });

  test('what officers decide is asked for without values, and their answer is read with its reason', async () => {
    const page = await signedIn();
    await page.visit('/vi/matters');
    await page.visit('/vi/matters/new/correction');
    expect(page.text, 'nothing is chosen beforehand').not.toMatch(/\schecked/);
    await page.submit('/matters/new/correction');
    expect([page.status, page.sample.acted.includes('ClaimRight')]).toEqual([400, false]);
    await page.submit('/matters/new/correction', [['field', '2']]);
    expect(page.sample.acted, 'it is shown before it is sent').not.toContain('ClaimRight');
    await page.submit('/matters/new/correction/send');
    expect(page.sample.acted.at(-1)).toBe('ClaimRight');
    const [asked] = page.sample.receipts;
    expect(asked).toMatchObject({ kind: MatterKind.CORRECTION, fields: { paths: ['full_name'] } });
    for (const told of ['Yêu cầu đính chính', 'Cơ sở dữ liệu quốc gia về dân cư', 'Họ, chữ đệm và tên khai sinh']) {
      expect(page.text).toContain(told);
    }
    expect(page.text, 'of no recipient').not.toContain('Vẫn tiếp tục theo luật');

    const said = { citation: 'Luật Căn cước, art. 9', entryId: new Uint8Array(16), textEn: 'Kept.' };
    Object.assign(asked ?? {}, {
      decision: create(MatterDecisionSchema, {
        ...{ ...said, outcome: MatterOutcome.REFUSED, reason: MatterReason.NOT_PROVEN, textVi: 'Cần <b>bản gốc</b>.' },
        decidedAt: 1_795_000_000n,
      }),
      extension: create(MatterExtensionSchema, {
        ...{ ...said, reason: MatterReason.PROOF_AWAITED, textVi: 'Chờ giấy tờ.', extendedAt: 1_794_000_000n },
      }),
    });
    page.sample.pass(60_000);
    await page.visit(`/vi/matters/${toBase64url(asked?.receiptId ?? new Uint8Array())}`);
    const answer = [
      'Từ chối',
      'Giấy tờ chưa chứng minh được',
      'Luật Căn cước, art. 9',
      'Cần &lt;b&gt;bản gốc',
      'Chờ giấy tờ',
    ];
    for (const told of answer) expect(page.text).toContain(told);
    await page.visit('/en/matters');
    expect(page.text).toContain('Decided');
  });

  test('a child of 7 or older agrees beside the representative, and nobody else will do', async () => {
    const page = await signedIn(createSample({ people: [AN, '902190000025'] }));
    await page.submit('/about', [['about', '0']]);
    const choice = [
      ['field', '2'],
      ['days', '30'],
    ] as const;
    await page.visit(REQUEST);
    await page.submit('/consents/new', choice);
    expect(page.text).not.toContain('action="/vi/consents/agree');
    await page.visit('/vi/child');
    await page.submit('/child', [['number', '902190000025']]);
    expect(page.status).toBe(400);
    await page.submit('/child', [['number', '901215000017']]);
    expect(page.path, 'the exact text again').toBe('/vi/consents/agree');
    await page.submit('/consents/agree');
    expect(page.sample.acted.slice(-3)).toEqual(['GrantConsent', 'GrantConsent', 'ListConsents']);
  });

  test('what is signed is what was shown', async () => {
    const page = await signedIn();
    await page.visit(REQUEST);
    await page.submit('/consents/new', [
      ['field', '2'],
      ['days', '30'],
    ]);
    page.text = page.text.replace(/(name="text" value="[^"]*?)nhiều nhất 5 lần/, '$1nhiều nhất 4 lần');
    await page.submit('/consents/agree');
    expect(page.sample.consents).toEqual([]);
    expect(page.text).toContain('Yêu cầu bạn đồng ý cho dùng thông tin');
  });
});

describe('the session', () => {
  test('has a new name once somebody is signed in, and a cookie for this server alone', async () => {
    const page = browse();
    const answer = await page.send('/vi/sign-in');
    expect(answer.headers.get('set-cookie')).toMatch(/^lt-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    await page.visit('/vi/sign-in');
    const before = page.cookie;
    await page.submit('/sign-in', [['number', AN]]);
    expect(page.cookie).not.toBe(before);
    await page.visit('/vi/consents', { headers: { cookie: before } });
    expect(page.status).toBe(403);
  });

  test('says on every page that the key is with the server, where it is', async () => {
    const page = await signedIn();
    for (const [path, said] of [
      ['/vi/consents', 'yếu hơn'],
      ['/en/accesses', 'That is weaker'],
    ] as const) {
      await page.visit(path);
      expect(page.text).toContain(said);
    }
    await page.submit('/sign-out');
    expect(page.text).not.toContain('That is weaker');
  });

  test('is over after a quarter of an hour, and at once by signing out', async () => {
    const sample = createSample();
    const one = await signedIn(sample);
    const [, csrf = ''] = /name="csrf" value="([\w-]+)"/.exec(one.text) ?? [];
    expect(csrf).toHaveLength(43);
    const gone = /^lt-session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/;
    await one.submit('/sign-out');
    expect(one.cookie, 'the cookie goes, and the pages that the browser kept with it').toBe('lt-session=');
    const after = await one.send('/vi/consents', { headers: { cookie: `lt-session=${'x'.repeat(43)}` } });
    expect([after.status, after.headers.get('set-cookie')]).toEqual([403, expect.stringMatching(gone)]);
    const other = await signedIn(sample);
    sample.pass(SIGNED_IN_MS);
    expect((await other.visit('/vi/consents')).status).toBe(403);
  });

  test.each([
    '/sign-out',
    '/about',
    '/signed',
    '/consents/agree?recipient=a&purpose=b&fields=2&days=1',
  ])('a form without its token does nothing: %s', async (path) => {
    const page = await signedIn();
    const done = page.sample.acted.length;
    const body = new URLSearchParams({ csrf: 'x'.repeat(43), field: '2', days: '1' });
    await page.visit(`/vi${path}`, { method: 'POST', body, headers: { origin: ORIGIN } });
    expect(page.status).toBe(409);
    expect((await page.visit('/vi/consents')).status).toBe(200);
    expect(page.sample.acted.slice(done)).toEqual(['ListConsents'].slice(0, page.sample.acted.length - done));
  });

  test('somebody that the e-ID does not know, or a number of a real prefix, is not signed in', async () => {
    const page = browse();
    await page.visit('/vi/sign-in');
    await page.submit('/sign-in', [['number', '999999999999']]);
    expect(page.text).toContain('không có số này');
    await page.submit('/sign-in', [['number', '001085000017']]);
    expect(page.text).toContain('bắt đầu bằng 900–999.');
  });
});

describe('requests of elsewhere', () => {
  test.each([
    ['under another name', 'GET', { host: 'evil.example:7480' }, 421],
    ['a form of another page', 'POST', { origin: 'https://evil.example' }, 403],
    ['a form of nowhere', 'POST', {}, 403],
    ['a form whose browser says so', 'POST', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }, 403],
    ['another method', 'DELETE', { origin: ORIGIN }, 405],
  ])('%s', async (_what, method, headers, status) => {
    expect((await browse().send('/vi/sign-in', { method, headers: headers as Record<string, string> })).status).toBe(
      status,
    );
  });

  test.each([
    REQUEST,
    '/vi/accesses',
    '/vi/sign-in',
    '/en/',
  ])('a link of elsewhere is followed once more with the cookie, and ends nothing: %s', async (path) => {
    const page = await signedIn();
    const answer = await page.send(path, { headers: { cookie: '', 'sec-fetch-site': 'cross-site' } });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const text = await answer.text();
    expect(text).toContain('<meta http-equiv="refresh" content="0">');
    expect(text).not.toContain('<script');
    expect((await page.visit(path)).status).toBe(200);
  });

  test('the key is forgotten where nobody is signed in, and not for a request that only lacks the cookie', async () => {
    const page = browse();
    const of = async (headers: Record<string, string>) =>
      (await page.send('/vi/accesses', { headers })).text().then((text) => text.includes('sign-out.ts'));
    expect(await of({ cookie: '' })).toBe(false);
    expect(await of({ cookie: '', 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(await of({ cookie: `lt-session=${'x'.repeat(43)}` })).toBe(true);
  });

  test('a form that is too long is not read', async () => {
    const body = new URLSearchParams({ csrf: 'x'.repeat(70_000) });
    expect((await browse().send('/vi/sign-in', { method: 'POST', body, headers: { origin: ORIGIN } })).status).toBe(
      413,
    );
  });

  test('a link that asks for more than a consent can be is told so', async () => {
    const good = { recipient: 'bank-demo', purpose: 'account-opening', fields: '3.2', days: '90', uses: '5' };
    expect(readConsentRequest(good)?.fieldIds).toEqual([2, 3]);
    for (const change of [{ days: '' }, { days: '731' }, { fields: '' }, { fields: '250' }, { recipient: 'A B' }]) {
      expect(readConsentRequest({ ...good, ...change })).toBeUndefined();
    }
    expect((await browse().visit('/vi/consents/new?recipient=bank-demo')).status).toBe(400);
  });
});

describe('every page', () => {
  const PATHS = ['/vi/', '/en/sign-in', '/vi/nothing', '/assets/style.css', '/assets/nothing', '/'];
  test.each(PATHS)('%s allows nothing of elsewhere, and nothing inside itself', async (path) => {
    const answer = await browse().send(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await answer.text();
    expect(text).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)|<style|\sstyle=|\son\w+=|(src|href)="(https?:)?\/\//);
  });

  test('what others wrote is shown and not interpreted', async () => {
    const sample = createSample();
    const page = await signedIn(sample);
    await consent(page);
    const [given] = sample.consents;
    Object.assign(given ?? {}, { textShown: '<script>alert(1)</script>', recipient: '"><img src=x>' });
    await page.visit('/en/consents');
    expect(page.text).toContain('&lt;script&gt;');
    expect(page.text).not.toContain('<img src=x>');
  });

  test('nothing but the browser’s own modules is given as a script', async () => {
    expect([...assets.keys()].filter((path) => !/^(console\/browser|proof\/browser)\//.test(path))).toEqual([
      'style.css',
      'icon.svg',
    ]);
    const page = browse();
    for (const path of ['/assets/console/session.ts', '/assets/..%2fmain.ts', '/assets/console/browser/../app.ts']) {
      expect((await page.send(path)).status).toBe(404);
    }
  });

  test('a month is Viet Nam’s', () => {
    const hanoi = (text: string) => Date.parse(`${text}T00:00:00+07:00`) / 1000;
    expect(monthOf('2026-12')).toEqual({ from: hanoi('2026-12-01'), until: hanoi('2027-01-01') });
    for (const text of ['', '2026-13', '2026-1', '1999-01']) expect(monthOf(text)).toBeUndefined();
  });

  test('a month is taken as people write it; what is none is said, and all months are not shown instead', async () => {
    for (const text of ['2026-03', '2026-3', '2026/03', '3/2026', '03-2026', ' 03/2026 ']) {
      expect(readMonth(text)).toBe('2026-03');
    }
    for (const text of ['', '13/2026', '0/2026', '2026', '03-26', '3.2026']) expect(readMonth(text)).toBeUndefined();
    const page = await signedIn();
    await page.visit('/vi/accesses?month=3%2F2020');
    expect([page.path, page.text.includes('value="2020-03"')]).toEqual(['/vi/accesses?month=2020-03', true]);
    expect(page.text).toContain('Không có lần nào trong tháng này.');
    const { length } = page.sample.acted;
    await page.visit('/vi/accesses?month=13%2F2020');
    expect(page.status).toBe(400);
    expect(page.text).toContain('Tháng không đúng dạng');
    expect(page.text).toContain('value="13/2020"');
    expect([page.text.includes('<article'), page.sample.acted.length]).toEqual([false, length]);
  });

  test('no script awaits outside of a function, which browsers that are a few years old do not take', () => {
    const scripts = [...assets].filter(([, { type }]) => type.startsWith('text/javascript'));
    expect(scripts.length).toBeGreaterThan(4);
    expect(
      scripts.filter(([, { body }]) => /^\S*.*\bawait\b/m.test(body.replace(/^\s.*$/gm, ''))).map(([name]) => name),
    ).toEqual([]);
  });

  test('every field of the vocabulary has a name in both languages', () => {
    const paths = VOCABULARY.fields.map(({ path }) => path);
    expect(paths.filter((path) => fieldName(path, 'vi') === path || fieldName(path, 'en') === path)).toEqual([]);
    const named = [...VOCABULARY.groups.keys()].flatMap((path) => fieldNames([path], 'vi'));
    expect(
      named.filter((name) => /[a-z]_[a-z]|^[a-z.]+$/.test(name)),
      'and so has every group',
    ).toEqual([]);
    expect(fieldNames(['card.issued_on', 'card'], 'en')).toEqual([
      'Issue date of the identity card',
      'Expiry date of the identity card',
    ]);
  });
});
