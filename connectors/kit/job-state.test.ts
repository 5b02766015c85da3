import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from './failure.test-support.ts';
import { findJobState, type JobIdentity, type JobState } from './job-state.ts';

const GOLDEN = new URL('../../test/golden/client/job-state-without-office.json', import.meta.url);
const golden = readFileSync(GOLDEN, 'utf8');
const old = JSON.parse(golden) as JobState;
/** As this version asks for the same work. */
const same: JobIdentity = { ...old.identity, service: 'xac-thuc-thue-bao', unit: 'MBF-HA-NOI' };

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lt-job-state-'));
  path = join(folder, 'results.csv.job.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a state that an older version left, in which no office stands', () => {
  it('goes on under the office of its opening, and has it from then on', async () => {
    expect(old.identity).not.toHaveProperty('service');
    writeFileSync(path, golden);
    expect(await findJobState(path, same)).toEqual({ ...old, identity: same });
    writeFileSync(path, JSON.stringify({ ...old, done: { ...old.done, chunks: 0, rows: 0 } }));
    expect(await findJobState(path, same)).toMatchObject({ jobKey: old.jobKey, job: { id: old.job?.id } });
  });

  const inVietnamese = { unit: 'mã đơn vị', service: 'mã dịch vụ', fileDigest: 'nội dung tệp' };

  it.each([
    ['another unit', golden, { unit: 'MBF-HUE' }, 'unit'],
    ['another service', golden, { service: 'xac-thuc-khac' }, 'service'],
    ['another file', golden, { fileDigest: 'x' }, 'fileDigest'],
    [
      'an opening that cannot be read',
      JSON.stringify({ ...old, start: { ...old.start, bytes: '//8=' } }),
      {},
      'service, unit',
    ],
    ['no opening', JSON.stringify({ ...old, start: undefined }), {}, 'service, unit'],
  ])('%s is refused by its name', async (_, text, other, differs) => {
    writeFileSync(path, text);
    const error = await failure(findJobState(path, { ...same, ...other }));
    expect(error).toMatchObject({ reason: 'OUTPUT_UNFINISHED', facts: { file: path, rows: 4096, differs } });
    const named = differs.split(', ').map((member) => inVietnamese[member as keyof typeof inVietnamese]);
    expect(error.text('vi')).toContain(`(${named.join(', ')})`);
  });
});
