import { describe, expect, test } from 'vitest';
import { QuoteBehindHead, SAMPLE, sampleRows } from './sample-rows.ts';

const LINE = 'r0000001,0961234501,901085000017,Nguyễn Văn An,1985-03-27\n';

function fileOf(lines: number, line: (i: number) => string = () => LINE): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, i) => line(i)).join(''));
}

async function sampled(file: Buffer, piece: number): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += piece) yield file.subarray(at, at + piece);
  }
  const found: Uint8Array[] = [];
  for await (const part of sampleRows(pieces())) found.push(part);
  return Buffer.concat(found);
}

const numbered = (i: number): string =>
  `${String(i).padStart(8, '0')},0961234501,901085000017,Trần Thị Bình,1990-11-02\n`;

describe('the rows of a file that are looked at', () => {
  test('are all of a small file, also where its last line does not end', async () => {
    const small = fileOf(1000);
    expect((await sampled(small, 777)).equals(small)).toBe(true);
    const open = small.subarray(0, small.length - 5);
    expect((await sampled(open, 4096)).equals(open)).toBe(true);
    const edge = fileOf(Math.ceil((SAMPLE.head * SAMPLE.window) / Buffer.byteLength(LINE)) - 1);
    expect((await sampled(edge, 65_536)).equals(edge)).toBe(true);
  });

  test('are whole lines of a large one, its head and a share of the rest, whatever pieces it comes in', async () => {
    const large = fileOf(400_000, numbered);
    const found = await sampled(large, 65_536);
    expect(found.equals(await sampled(large, 1_000_003))).toBe(true);
    const lines = found.toString().split('\n').slice(0, -1);
    const known = new Set(large.toString().split('\n'));
    expect(lines.every((line) => known.has(line))).toBe(true);
    expect(new Set(lines).size).toBe(lines.length);
    const behind = lines.filter((line) => Number(line.slice(0, 8)) > 200_000).length;
    expect(behind / 200_000).toBeGreaterThan(0.02);
    expect(behind / 200_000).toBeLessThan(0.05);
    expect(found.length).toBeLessThan(large.length / 2);
  });

  test('are all where a quote stands in the head', async () => {
    const last = Math.floor((SAMPLE.head * SAMPLE.window - 1) / Buffer.byteLength(LINE));
    for (const at of [0, 5, last]) {
      const quoted = fileOf(50_000, (i) => (i < at ? LINE : `"a""b","c\n${i}",x,"Nguyễn Văn An",1985\n`));
      expect((await sampled(quoted, 65_536)).equals(quoted)).toBe(true);
      expect((await sampled(quoted, 1_000_003)).equals(quoted)).toBe(true);
    }
  });

  test('are not told of a file whose first quote stands behind it, in a window that is left out as well', async () => {
    for (const at of [40_000, 49_999]) {
      const quoted = fileOf(50_000, (i) => (i === at ? LINE.replace('Nguyễn', '"Nguyễn') : LINE));
      await expect(sampled(quoted, 65_536)).rejects.toBeInstanceOf(QuoteBehindHead);
    }
  });
});
