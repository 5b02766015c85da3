import { describe, expect, test } from 'vitest';
import { KitError } from '../../connectors/kit/kit-error.ts';
import { GatewayError } from '../../connectors/kit/refusal.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { CATALOGUE } from '../errors/catalogue.ts';
import { GRPC_CODES } from '../errors/codes.ts';
import type { Limit } from '../errors/rules.ts';
import { consent, signedIn } from './browse.test-support.ts';
import { createSample } from './sample.test-support.ts';

/** What the client throws where the gateway said why. */
function refusal(reason: keyof typeof CATALOGUE, limits: readonly Limit[] = []): KitError {
  const { vi, nextVi, en, nextEn, code: name } = CATALOGUE[reason];
  const code = GRPC_CODES[name];
  const kit = name === 'UNAVAILABLE' ? 'UNAVAILABLE' : 'REFUSED';
  const sentences = { vi: `${vi} ${nextVi}`, en: `${en} ${nextEn}` };
  const said = { code, reason, reasonName: ErrorReason[reason] ?? '', sentences, requestId: 'the-request' };
  const rest = { violations: [], limits, retryAfterMs: undefined, jobState: undefined, help: undefined };
  return Object.assign(Object.create(GatewayError.prototype) as GatewayError, {
    ...{ code, reason: kit, refusal: { ...said, ...rest } },
  });
}

/** A page of somebody who has consented, before a gateway that fails from now on. */
async function failing(error: KitError) {
  const sample = createSample();
  const page = await signedIn(sample);
  await consent(page);
  const [, withdraw = ''] = /href="(\/vi\/consents\/[\w-]+\/withdraw)"/.exec(page.text) ?? [];
  await page.visit(withdraw);
  const unary = () => Promise.reject(error);
  Object.assign(sample.parts.client, { unary });
  return page;
}

describe('a gateway that does not do it', () => {
  test.each([
    ['nothing came back', () => new KitError('UNAVAILABLE', { address: 'x' })],
    ['the database went away', () => refusal(ErrorReason.STORAGE_UNAVAILABLE)],
  ])('an act may have been recorded all the same: %s', async (_what, error) => {
    const page = await failing(error());
    await page.submit('/withdraw');
    expect(page.status).toBe(502);
    expect(page.text).toContain('Chưa biết đã được ghi nhận hay chưa');
    for (const never of ['Chưa có gì được ghi nhận', 'Chưa thực hiện được', 'công việc']) {
      expect(page.text).not.toContain(never);
    }
    for (const path of ['matters', 'consents']) expect(page.text).toContain(`class="button" href="/vi/${path}"`);
  });

  test('a look that failed is only to be tried again', async () => {
    const page = await failing(refusal(ErrorReason.STORAGE_UNAVAILABLE));
    await page.visit('/vi/accesses');
    expect(page.status).toBe(502);
    expect(page.text).toContain('Hãy thử lại sau ít phút.');
    expect(page.text).not.toContain('công việc');
  });

  test.each([
    [ErrorReason.PERSON_PROOF_WRONG, 'Hãy đăng xuất, đăng nhập rồi làm lại', 'byte'],
    [ErrorReason.NOTHING_TO_WITHDRAW, 'có thể bạn đã rút lại', 'bên nhận'],
    [ErrorReason.CONSENT_FIELDS_NOT_AGREED, 'Hãy chọn ít hơn', 'phần chi tiết'],
  ] as const)('a refusal is told to a person and not to an agency: %s', async (reason, told, not) => {
    const page = await failing(refusal(reason));
    await page.submit('/withdraw');
    expect(page.status).toBe(409);
    expect(page.text).toContain(told);
    expect(page.text).not.toContain(not);
    expect(page.text).toContain('the-request');
  });

  test('who has asked too much is not told to try again in a few minutes', async () => {
    const page = await failing(refusal(ErrorReason.LIMITED, ['MATTERS']));
    await page.submit('/withdraw');
    expect(page.status).toBe(409);
    expect(page.text).toContain('nhiều yêu cầu đang chờ cán bộ');
    expect(page.text).not.toContain('sau ít phút');
  });
});
