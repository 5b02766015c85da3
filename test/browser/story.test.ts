/** The citizen's pages over a whole gateway: what a bank is told follows what a person does in a browser. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignedClient } from '../../connectors/kit/client.ts';
import { CITIZEN_AGENCY, EID_PEOPLE, openConsole } from '../../gateway/cli/citizen/open-console.ts';
import { consentQuery } from '../../gateway/console/consent-order.ts';
import type { RunningConsole } from '../../gateway/console/serve.ts';
import { Verdict, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startChromium } from '../support/chromium.ts';
import { createOwnCluster } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { consent, openTab, signIn } from './tab.ts';

const AN = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };
const USE = { recipient: 'bank-demo', purpose: 'account-opening', fieldIds: [1, 2, 3], days: 90, uses: 5 };

let browser: Browser;
let gateway: TestGateway;
let bank: SignedClient;
let running: RunningConsole;
beforeAll(async () => {
  const [started, database] = await Promise.all([startChromium(), createOwnCluster()]);
  browser = started;
  gateway = await startTestGateway({ database, crowd: 5, config: { accesses: { index: true } } });
  bank = await gateway.client(USE.recipient);
  const people = [{ personal_id: AN.idNumber, name: AN.fullName }];
  writeFileSync(join(dirname(gateway.deployment.configPath), EID_PEOPLE), JSON.stringify(people), { mode: 0o600 });
  running = await openConsole(gateway.deployment.profiles[CITIZEN_AGENCY] ?? '', { port: 0, env: process.env });
});
afterAll(async () => {
  await running?.close();
  await gateway?.stop();
  await browser?.close();
});

test('a bank is refused, answered once the person consents, refused once they withdraw; and its looks are shown and proven', async () => {
  const asked = async () => {
    const request = { context: { purpose: USE.purpose }, ...AN };
    return Verdict[(await bank.unary(VerificationService.method.verifyPerson, request)).message.verdict];
  };
  const tab = await openTab(browser, running);
  const { page, at, settled } = tab;
  expect(await asked()).toBe('NOT_CONFIRMED');

  await at(`en/consents/new?${consentQuery(USE)}`);
  await signIn(tab, 'input[type=checkbox]');
  await consent(tab);
  expect(await page.locator('.state.good').allTextContents()).toEqual(['In force']);
  expect(await asked()).toBe('VERIFIED');

  await page.locator('a.stop').click();
  await settled('button.stop');
  await page.locator('button.stop').click();
  await settled('dl.card');
  expect(await asked()).toBe('NOT_CONFIRMED');
  await at('en/consents');
  await settled('article');
  expect(await page.locator('.state.good').count()).toBe(0);

  // The index follows the log: asked for anew until the bank's three questions are in it.
  const looks = page.locator(`button[data-proof][data-agency=${USE.recipient}]`);
  await expect
    .poll(
      async () => {
        await at('en/accesses');
        await settled('article');
        return looks.count();
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(3);
  expect(await page.locator('main').textContent()).toContain('Demo Bank');
  for (const button of await looks.all()) await button.click();
  await expect.poll(() => page.locator('.result:not(:empty)').allTextContents()).toHaveLength(3);
  for (const text of await page.locator('.result:not(:empty)').allTextContents()) {
    expect(text).toMatch(/^It holds\. Entry \d+ stands in the log of \d+ entries/);
  }
  expect(tab.complaints).toEqual([]);
  await tab.close();
});
