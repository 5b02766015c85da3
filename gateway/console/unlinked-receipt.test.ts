import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { MatterKind, MatterState, ReceiptSchema } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { createNames } from './names.ts';
import { receiptPage } from './pages/receipts.ts';

test('a receipt that was unlinked from its entry of the log says so in its place', async () => {
  const names = createNames({ agencies: {}, purposes: {} });
  const receipt = create(ReceiptSchema, {
    ...{ receiptId: new Uint8Array(16).fill(1), kind: MatterKind.WITHDRAWAL, state: MatterState.ACKNOWLEDGED },
    ...{ recipient: 'bank-demo', purpose: 'customer-record', entryId: new Uint8Array(16).fill(2) },
  });
  const page = async (language: 'vi' | 'en') => String(await receiptPage(language, receipt, names, 1_795_000_000));
  expect(await page('en')).toContain('<code>AgICAgICAgICAgICAgICAg</code>');
  receipt.entryId = new Uint8Array(0);
  expect(await page('vi')).toContain('<dd>đã được tách khỏi bạn</dd>');
  expect(await page('en')).toContain('<dd>unlinked from you</dd>');
});
