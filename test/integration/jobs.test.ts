/** A file in chunks: what each row gets, and what a chunk must look like. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChunkAnswer, VerificationService } from '../../proto/gen/lienthong/verification/v1/verification_pb.js';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import type { RawCaller } from '../support/gateway-calls.ts';
import { attach, crowd, expectChunkRefused, jobOf, NOBODY, totalsOf } from '../support/gateway-jobs.ts';
import { PEOPLE } from '../support/gateway-people.ts';
import { chunkPayload, endRoot, resultsOf, rowOf, type TextRow } from '../support/gateway-stream.ts';

const { closeJob } = VerificationService.method;

let gateway: TestGateway;
let viettel: RawCaller;
beforeAll(async () => {
  gateway = await startTestGateway({ crowd: 2000 });
  viettel = gateway.raw('viettel');
});
afterAll(() => gateway?.stop());

const attached = () => attach(viettel);

describe('chunks', () => {
  it('answers every case with its verdict, in row order', async () => {
    const { job, stream } = await attached();
    const { an, deceased, missing, renumbered, cancelled, sharesCard, yearOnly, yearAndMonth } = PEOPLE;
    const rows: TextRow[] = [
      rowOf(an),
      { ...rowOf(an), name: 'NGUYEN VAN AN' },
      rowOf(deceased),
      rowOf(missing),
      { ...rowOf(renumbered), id: '901090000045' },
      rowOf(cancelled),
      { ...rowOf(sharesCard), id: '023456789' },
      { id: '023456789', name: 'Lý Thị Khác', born: '1999-09-09' },
      { ...rowOf(yearOnly), born: '1940-05-05' },
      rowOf(yearAndMonth),
      NOBODY,
      { ...rowOf(an), name: 'Trần Quốc Toản', born: '1999-01-02' },
    ];
    stream.chunk(0, chunkPayload(0, rows));
    const results = resultsOf(await stream.answer());
    const verdicts = results.map(({ verdict }) => verdict);
    expect(verdicts.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(verdicts[5]).toBe(2);
    expect(verdicts[6]).toBe(1);
    expect(verdicts[7]).toBe(3);
    expect(verdicts[9]).toBe(1);
    expect(verdicts.slice(10)).toEqual([4, 3]);
    expect(results[2]?.notices).toEqual([0]);
    expect(results[3]?.notices).toEqual([2]);
    expect(results[4]).toMatchObject({ notices: [1], currentId: renumbered.id });
    expect(results[6]?.currentId).toBe(sharesCard.id);
    stream.end(1, rows.length);
    expect((await stream.next())?.kind.case).toBe('end');
    expect((await stream.ended).code).toBe(0);
    await viettel.call(closeJob, { jobId: job.jobId, expectedChunks: 1, expectedRows: BigInt(rows.length) });
  });

  it('malformed numbers, names and dates: that row INVALID with its reason, its neighbours served', async () => {
    const { stream } = await attached();
    const good = rowOf(PEOPLE.an);
    const bad: readonly (readonly [TextRow, number])[] = [
      [{ ...good, id: '9010850000171' }, 1],
      [{ ...good, id: '' }, 1],
      [{ ...good, id: 'ABC' }, 1],
      [{ ...good, id: "'; DROP TABLE person; --" }, 1],
      [{ ...good, name: '' }, 2],
      [{ ...good, name: 'x'.repeat(2000) }, 2],
      [{ ...good, born: '1985-02-30' }, 3],
      [{ ...good, born: '1985-13-32' }, 3],
      [{ ...good, born: 'hôm qua' }, 3],
      [{ ...good, born: 'x'.repeat(2000) }, 3],
    ];
    const rows = bad.flatMap(([row]) => [good, row]);
    // A date that is not there is no mistake: a person has to look.
    stream.chunk(0, chunkPayload(0, [...rows, { ...good, born: '' }]));
    const results = resultsOf(await stream.answer());
    for (const [i, { verdict, reasons }] of results.entries()) {
      if (i === rows.length) expect(verdict, 'without a date').toBe(2);
      else if (i % 2 === 0) expect(verdict, `row ${i}`).toBe(1);
      else {
        expect(verdict, `row ${i}`).toBe(6);
        // Reasons are grouped by field: number, name, date.
        const [from, to] = [[], [1, 32], [32, 64], [64, 96]][bad[(i - 1) / 2]?.[1] ?? 0] as [number, number];
        expect(
          reasons.filter((code) => code >= from && code < to),
          `row ${i}`,
        ).not.toEqual([]);
        expect(
          reasons.every((code) => code >= from && code < to),
          `row ${i}`,
        ).toBe(true);
      }
    }
    stream.cancel();
  });

  it('slim rows out of range are INVALID, not an error of the chunk', async () => {
    const { stream } = await attached();
    const ids = [BigInt(PEOPLE.an.id), 0n, 2n ** 64n - 1n, 999_999_999n, BigInt(PEOPLE.an.id)];
    const dates = [19850327, 19850327, 19850327, 19850327, 4_294_967_295];
    const payload = chunkPayload(0, [], {
      ids,
      dates,
      names: ids.map(() => PEOPLE.an.name),
      rowRefs: randomBytes(16 * ids.length),
    });
    stream.chunk(0, payload);
    expect(resultsOf(await stream.answer()).map(({ verdict }) => verdict)).toEqual([1, 6, 6, 6, 6]);
    stream.cancel();
  });

  it('a row that fits the slim form may be a text row: the same bytes come back', async () => {
    const { job, stream } = await attached();
    const people = [PEOPLE.an, PEOPLE.deceased, { ...PEOPLE.an, name: 'Trần Quốc Toản' }];
    const asText = chunkPayload(0, people.map(rowOf));
    const slim = chunkPayload(0, [], {
      ids: people.map(({ id }) => BigInt(id)),
      names: people.map(({ name }) => name),
      dates: people.map(({ born }) => born),
      rowRefs: randomBytes(16 * people.length),
    });
    stream.chunk(0, asText);
    const { results } = await stream.answer();
    stream.cancel();
    const other = await attached();
    other.stream.chunk(0, slim);
    expect(Buffer.from((await other.stream.answer()).results)).toEqual(Buffer.from(results));
    other.stream.cancel();
    expect((await jobOf(viettel, job.jobId))?.rows).toBe(3n);
  });

  it('several in flight and out of order: each answered once, the end states count, rows and root', async () => {
    const { job, stream } = await attached();
    const order = [3, 0, 4, 1, 2];
    for (const num of order) stream.chunk(num, chunkPayload(num, crowd(num * 256, 256)));
    const answers: ChunkAnswer[] = [];
    for (const _ of order) answers.push(await stream.answer());
    expect(answers.map(({ num }) => num).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(answers.every(({ rows, results }) => rows === 256 && results.length === 256 * 22)).toBe(true);
    stream.end(5, 5 * 256);
    const end = await stream.next();
    expect(end?.kind).toMatchObject({ case: 'end', value: { chunks: 5, rows: 1280n } });
    if (end?.kind.case === 'end') expect(Buffer.from(end.kind.value.root).toString('base64url')).toBe(endRoot(answers));
    expect(await totalsOf(viettel, job.jobId)).toEqual({ 1: 1280 });
  });
});

describe('shape of a chunk', () => {
  it.each([
    ['no rows', () => chunkPayload(0, []), 'chunk.ids'],
    ['more rows than the job said', () => chunkPayload(0, crowd(0, 257)), 'chunk.ids'],
    ['row refs of another length', () => chunkPayload(0, crowd(0, 2), { rowRefs: randomBytes(31) }), 'chunk.row_refs'],
    ['blind too short', () => chunkPayload(0, crowd(0, 2), { blind: randomBytes(15) }), 'chunk.blind'],
    [
      'unequal columns',
      () => chunkPayload(0, [], { ids: [1n], names: [], dates: [1], rowRefs: randomBytes(16) }),
      'chunk.names',
    ],
    [
      'two dates beside one name',
      () => chunkPayload(0, [], { ids: [1n], names: ['x'], dates: [1, 2], rowRefs: randomBytes(16) }),
      'chunk.dates',
    ],
    [
      'text rows out of order',
      () =>
        chunkPayload(0, crowd(0, 2), {
          textRows: [1, 0].map((index) => ({ index, idNumber: '1', fullName: 'x', dateOfBirth: '1' })),
        }),
      'chunk.text_rows',
    ],
    [
      'a text row beyond the end',
      () => chunkPayload(0, crowd(0, 1), { textRows: [{ index: 7, idNumber: '1', fullName: 'x', dateOfBirth: '1' }] }),
      'chunk.text_rows',
    ],
  ])('%s: BAD_REQUEST that names the field', async (_name, make, field) => {
    const { job, stream } = await attached();
    const payload = make();
    stream.chunk(0, payload);
    // It is none of the job's chunks yet: the digest alone says which one is refused.
    await expectChunkRefused(gateway, stream, job, 0, payload, 'BAD_REQUEST', 'call');
    const end = await stream.ended;
    expect(end.code).toBe(3);
    expect(end.refusal?.violations.map((violation) => violation.field)).toEqual([field]);
    expect((await jobOf(viettel, job.jobId))?.chunks).toBe(0n);
  });
});
