/** `lienthong request show` on real entries: answered, refused, given again, chunks; and nothing of a person in any of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../../gateway/cli/testing/terminal.ts';
import { PersonService } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callToken, contextOf, newRequestId, pathOf, requestBytes } from '../support/gateway-calls.ts';
import { attach, crowd } from '../support/gateway-jobs.ts';
import { chunkPayload } from '../support/gateway-stream.ts';

const { verifyPerson } = VerificationService.method;
const { getPerson } = PersonService.method;
const OFFICER = 'CB-00123';
const PERSONAL = ['901085000017', 'Nguyễn', '1985-03-27', '27/03/1985', OFFICER, 'HS-2026'];
const asked = { idNumber: '901085000017', fullName: 'Nguyễn Văn An', dateOfBirth: '1985-03-27' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 20 });
});
afterAll(() => gateway?.stop());

const request = (id: string, ...more: string[]) =>
  runCaptured(['request', 'show', id, '--config', gateway.deployment.configPath, ...more]);

interface Shown {
  readonly entry_id: string;
  readonly [member: string]: unknown;
}

async function entriesOf(id: string): Promise<Shown[]> {
  const { code, stdout } = await request(id, '--json');
  expect(code).toBe(0);
  for (const value of PERSONAL) expect(stdout).not.toContain(value);
  return (JSON.parse(stdout) as { entries: Shown[] }).entries;
}

const contextWith = (agency: string, id: string) => ({
  ...contextOf(gateway.identity(agency), id),
  officerCode: OFFICER,
  caseRef: 'HS-2026-1',
});

describe('request show', () => {
  it('tells of an answer its stages, revisions, fields and place in the log; of its repetition what it gives again', async () => {
    const viettel = gateway.raw('viettel');
    const id = newRequestId();
    const bytes = requestBytes(viettel.identity, verifyPerson.input, { ...asked, context: contextWith('viettel', id) });
    const send = () =>
      viettel.send(pathOf(verifyPerson), bytes, callToken(viettel.identity, pathOf(verifyPerson), bytes));
    const first = await send();
    expect([(await send()).code, first.code]).toEqual([0, 0]);
    const [answer, again] = await entriesOf(id);
    expect(answer).toMatchObject({
      ...{ kind: 'UNARY', outcome: 'OK', agency: 'viettel', request_id: id, rows: 1, people: 1, intact: true },
      method: pathOf(verifyPerson),
      agreement: 'viettel-subscriber-verification:2',
      policy: expect.stringContaining('.'),
      position: expect.any(Number),
      decision: { allow: true, reason: 'OK' },
    });
    expect((answer?.stages as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(Array(8).fill('passed'));
    expect((answer?.matched_fields as { path: string }[]).map(({ path }) => path)).toContain('full_name');
    expect(again).toMatchObject({ kind: 'REDELIVERY', gives_again: answer?.entry_id });
    // The signature of the answer names the entry: by that name it is found too, and its repetition with it.
    const leaf = first.claims?.leaf ?? '';
    expect((await entriesOf(leaf)).map(({ entry_id }) => entry_id)).toEqual([answer?.entry_id, again?.entry_id]);
  });

  it('tells of a refusal which stage refused, for what reason and which fields', async () => {
    const id = newRequestId();
    await gateway.raw('moh').attempt(getPerson, {
      personalId: asked.idNumber,
      readMask: { paths: ['full_name', 'ethnicity'] },
      context: contextWith('moh', id),
    });
    const [refusal] = await entriesOf(id);
    expect(refusal).toMatchObject({
      ...{ kind: 'REFUSAL', outcome: 'FIELD_NOT_GRANTED', request_id: id },
      stages: expect.arrayContaining([
        { stage: 'decide', outcome: 'refused' },
        { stage: 'fetch', outcome: 'not-reached' },
      ]),
      decision: { allow: false, refused: [{ path: 'ethnicity', reason: 'FIELD_NOT_IN_AGREEMENT' }] },
    });
    const { code, stdout } = await request(id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/policy +│ ✗ refused +│ FIELD_NOT_GRANTED/);
    expect(stdout).toContain('Fields refused: ethnicity (FIELD_NOT_IN_AGREEMENT)');
    for (const value of PERSONAL) expect(stdout).not.toContain(value);
    expect((await request(id, '--lang', 'vi')).stdout).toContain('✗ từ chối');
  });

  it('finds a chunk by its job and number', async () => {
    const { job, stream } = await attach(gateway.raw('viettel'));
    stream.chunk(0, chunkPayload(0, crowd(0, 3)));
    await stream.answer();
    stream.close();
    await stream.ended;
    expect(await entriesOf(`${job.jobId}:0`)).toMatchObject([
      { kind: 'CHUNK', job_id: job.jobId, chunk: 0, rows: 3, people: 3, outcome: 'OK' },
    ]);
  });

  it('says where there is none, and where an entry is not what the log was built from', async () => {
    const none = await request(newRequestId(), '--json');
    expect([none.code, JSON.parse(none.stdout)]).toMatchObject([4, { error: { reason: 'REQUEST_UNKNOWN' } }]);
    const id = newRequestId();
    await gateway.raw('viettel').call(verifyPerson, { ...asked, context: contextWith('viettel', id) });
    const [entry] = await entriesOf(id);
    const since = await request(id, '--since', '2026-01-01T00:00:00Z', '--json');
    expect(JSON.parse(since.stdout)).toMatchObject({ entries: [{ entry_id: entry?.entry_id }], more: false });
    const late = await request(newRequestId(), '--since', '2026-01-01T00:00:00Z');
    expect([late.code, late.stderr]).toEqual([4, expect.stringContaining('since 2026-01-01T00:00:00Z')]);
    expect((await request(id, '--since', '2126-01-01T00:00:00Z')).code).toBe(2);
    await gateway.database.pool.query(
      'UPDATE log_entry SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1) WHERE entry_id = $1',
      [Buffer.from(entry?.entry_id ?? '', 'hex')],
    );
    expect(await entriesOf(id)).toMatchObject([{ intact: false }]);
  });
});
