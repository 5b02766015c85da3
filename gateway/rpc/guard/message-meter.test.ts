import { expect, it } from 'vitest';
import { createMessageMeter } from './message-meter.ts';

function framed(bytes: number, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(bytes, 1);
  return Buffer.concat([head, Buffer.alloc(bytes, 7)]);
}

it('finds the messages wherever their bytes are cut', () => {
  const wire = Buffer.concat([framed(300), framed(0), framed(70_000, true), framed(1)]);
  const wanted = [
    { bytes: 300, compressed: false },
    { bytes: 0, compressed: false },
    { bytes: 70_000, compressed: true },
    { bytes: 1, compressed: false },
  ];
  for (const step of [1, 2, 3, 7, 304, 305, 306, 16_384, wire.length]) {
    const meter = createMessageMeter();
    const begun = [];
    let completed = 0;
    for (let at = 0; at < wire.length; at += step) {
      const met = meter.push(wire.subarray(at, at + step));
      begun.push(...met.begun.map(({ bytes, compressed }) => ({ bytes, compressed })));
      for (const { at: from } of met.begun) expect(wire[at + from - 1]).not.toBe(7);
      completed += met.completed;
    }
    expect([begun, completed, meter.inside]).toEqual([wanted, 4, false]);
  }
});

it('counts the pieces of the message under way, and knows it from its first byte', () => {
  const meter = createMessageMeter();
  const wire = framed(10);
  expect(meter.inside).toBe(false);
  meter.push(wire.subarray(0, 1));
  expect([meter.inside, meter.head, meter.pieces]).toEqual([true, undefined, 1]);
  for (let at = 1; at < 12; at++) meter.push(wire.subarray(at, at + 1));
  expect([meter.inside, meter.head?.bytes, meter.pieces]).toEqual([true, 10, 12]);
  meter.push(Buffer.concat([wire.subarray(12), framed(3).subarray(0, 6)]));
  expect([meter.inside, meter.head?.bytes, meter.pieces]).toEqual([true, 3, 1]);
});
