import { createPublicKey, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signCheckpoint } from '../../gateway/proof/checkpoint.ts';
import { receiptRowRoot } from '../../gateway/proof/receipt.ts';
import { encodeResult, type RowResult } from '../../gateway/proof/result-bytes.ts';
import { buildReceipt } from '../../gateway/proof/samples.test-support.ts';
import { NODE_TAGS, treeRoot } from '../../gateway/proof/tree.ts';
import { chunkLeaves, leafTagsOf } from '../../gateway/proof/verify-rows.ts';
import { VERDICT_NAMES } from '../../gateway/signing/claim-kinds.ts';
import { digestOf } from '../../gateway/signing/digest.ts';
import type { KeyState } from '../../gateway/signing/key-set.ts';
import { generateSigningJwk, loadSigningKey } from '../../gateway/signing/key-store.ts';
import { createSigner } from '../../gateway/signing/sign.ts';
import { signKeySet } from '../../gateway/signing/signed-key-set.ts';
import { writeCell } from './csv-write.ts';
import { actionOf, RESULT_HEADER, resultCodec } from './result-lines.ts';

export const SIGNED_AT = 1_790_000_000;
const AS_OF = new Date((SIGNED_AT - 3600) * 1000).toISOString().replace('.000Z', 'Z');
export type SignedRow = { readonly rowId: string; readonly msisdn: string; readonly result: Partial<RowResult> };

const BLANK: RowResult = {
  ...{ verdict: 1, id: 1, name: 1, birthDate: 1, notices: [], reasons: [], currentId: 0 },
  ...{ nameScore: undefined, score: undefined },
};

/** Of the profile that the job was closed under. */
export const PROFILE_CLOSED = 'lt-vn-2:2.0.0';

/**
 * results.csv and its receipt in a folder, as a gateway would have signed them: real keys, key set, checkpoint, tokens.
 * Rows stand from line 2 on.
 *
 * @param profileOf what each chunk was judged under
 * @param answerKey of the key that signed the chunks' answers, which is another than signed the receipt
 */
export async function writeSignedResults(
  folder: string,
  rows: readonly SignedRow[],
  {
    chunkRows = 256,
    profileOf = () => PROFILE_CLOSED,
    answerKey = { state: 'retired' },
  }: {
    readonly chunkRows?: number;
    readonly profileOf?: (num: number) => string;
    readonly answerKey?: KeyState;
  } = {},
) {
  const [rootKey, key] = [loadSigningKey(await generateSigningJwk()), loadSigningKey(await generateSigningJwk())];
  const before = loadSigningKey(await generateSigningJwk());
  const answerer = createSigner({ key: before.key, kid: before.kid, issuer: 'gateway' });
  const root = createSigner({ key: rootKey.key, kid: rootKey.kid, issuer: 'gateway' });
  const signer = createSigner({ key: key.key, kid: key.kid, issuer: 'gateway' });
  const active = { jwk: key.publicJwk, state: 'active' as const };
  const set = { version: 1, keys: [active, { jwk: before.publicJwk, ...answerKey }] };
  const keys = signKeySet(set, { root, audience: '*@test-deployment', iat: SIGNED_AT });
  const origin = 'test-deployment/log/main';
  const head = { origin, size: 7, root: randomBytes(32) };
  const logHead = signCheckpoint(head, origin, key.key, createPublicKey(key.key));
  const [jobKey, opening] = [randomBytes(32), randomBytes(32)];
  const jobId = randomBytes(16).toString('hex');
  const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const whole = rows.map(({ result }) => ({ ...BLANK, ...result }));
  const chunks = Array.from({ length: Math.ceil(rows.length / chunkRows) }, (_, num) => {
    const [from, seed] = [num * chunkRows, randomBytes(32)];
    const part = rows.slice(from, from + chunkRows).map(({ rowId, msisdn }, i) => ({
      ...{ line: from + i + 2, rowId, msisdn },
      result: encodeResult(whole[from + i] ?? BLANK),
    }));
    const leaves = chunkLeaves(jobKey, seed, part);
    const answer = answerer.sign('lt-answer+jws', {
      ...{ aud: 'viettel@test-deployment', iat: SIGNED_AT, dig: b64(randomBytes(32)), mth: '/a.B/C', code: 0 },
      ...{ rqd: b64(randomBytes(32)), job: jobId, num },
      rev: { policy: 'p', agreement: 'a:1', consent: '0', profile: profileOf(num) },
    });
    return {
      ...{ num, rows: part.length, seed, root: treeRoot(leaves, NODE_TAGS.row), leafTags: leafTagsOf(leaves) },
      ...{ entryId: randomBytes(16), answer },
    };
  });
  const rowRoot = receiptRowRoot(chunks);
  const totals: Record<string, number> = {};
  for (const { verdict } of whole) {
    const name = VERDICT_NAMES[verdict - 1] ?? 'VERIFIED';
    totals[name] = (totals[name] ?? 0) + 1;
  }
  const token = signer.sign('lt-receipt+jws', {
    ...{ aud: 'viettel@test-deployment', iat: SIGNED_AT, dig: digestOf(Buffer.from(logHead)), job: jobId },
    ...{ opn: b64(opening), cnt: chunks.length, rows: rows.length, totals, root: b64(rowRoot), head: logHead },
    ver: { format: 'lienthong-rows-1', vocabulary: '1', profile: PROFILE_CLOSED, policy: 'p', agreement: 'a:1' },
  });
  const columns = { row_id: 'row_id', msisdn: 'msisdn' };
  const common = { jobKey, jobId, opening, chunkRows, columns, chunks, rows: rows.length, rowRoot, token, logHead };
  const results = join(folder, 'results.csv');
  writeFileSync(`${results}.receipt`, buildReceipt({ ...common, keySet: keys.jws, keySetPayload: keys.payload }));
  const codec = resultCodec();
  const lines = rows.map(({ rowId, msisdn }, i) => {
    const cells = codec.print(whole[i] ?? BLANK);
    const action = actionOf(cells.verdict, cells.notices === '' ? [] : cells.notices.split('|'));
    const told = [cells.verdict, action, cells.id_result, cells.name_result, cells.dob_result, cells.name_score];
    const more = [cells.score, cells.reasons, cells.notices, cells.current_id, AS_OF, ''];
    const ref = `${Math.floor(i / chunkRows)}:${i % chunkRows}`;
    return [String(i + 2), writeCell(rowId), writeCell(msisdn), ...told, ...more, ref].join(',');
  });
  writeFileSync(results, `${[RESULT_HEADER.join(','), ...lines].join('\n')}\n`);
  const rootPath = join(folder, 'root.jwk.json');
  writeFileSync(rootPath, JSON.stringify(rootKey.publicJwk));
  return { results, root: rootKey.publicJwk, rootPath, jobId };
}
