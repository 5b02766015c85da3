import { describe, expect, it } from 'vitest';
import { createSendGate, isWithin, opensAt, parseWindow } from './send-window.ts';

const NIGHT = { from: 22 * 60, to: 5 * 60 };
const at = (hour: number, minute = 0, day = 27): Date => new Date(2026, 10, day, hour, minute);

describe('a window', () => {
  it.each([
    ['22:00-05:00', NIGHT],
    ['8:30-17:45', { from: 510, to: 1065 }],
    [' 00:00–23:59 ', { from: 0, to: 1439 }],
    ['22:00', undefined],
    ['22:00-24:00', undefined],
    ['22:60-05:00', undefined],
    ['22:00-22:00', undefined],
    ['22-05', undefined],
    ['', undefined],
  ])('%j is %j', (text, window) => expect(parseWindow(text)).toEqual(window));

  it('that crosses midnight is open on either side of it, and closed from its last minute on', () => {
    expect([21, 22, 23, 0, 4, 5, 12].map((hour) => isWithin(NIGHT, at(hour)))).toEqual([
      ...[false, true, true, true, true],
      ...[false, false],
    ]);
    expect([isWithin(NIGHT, at(21, 59)), isWithin(NIGHT, at(4, 59))]).toEqual([false, true]);
  });

  it('within a day is open between its ends', () => {
    const office = { from: 510, to: 1065 };
    expect([isWithin(office, at(8, 29)), isWithin(office, at(8, 30)), isWithin(office, at(17, 45))]).toEqual([
      ...[false, true, false],
    ]);
  });

  it('opens later on the same day, or on the next, also over the end of a month', () => {
    expect(opensAt(NIGHT, at(5))).toEqual(at(22));
    expect(opensAt({ from: 300, to: 360 }, at(7, 0, 30))).toEqual(new Date(2026, 11, 1, 5));
  });
});

describe('a gate', () => {
  it('waits until the window opens, and says once until when', async () => {
    let clock = at(21, 59);
    const told: Date[] = [];
    const gate = createSendGate(NIGHT, {
      onWait(until) {
        told.push(until);
        clock = new Date(until.getTime() - 5);
        // The clock goes on while the gate waits.
        setTimeout(() => {
          clock = until;
        }, 1);
      },
      now: () => clock,
    });
    expect(gate.isOpen()).toBe(false);
    await Promise.all([gate.opened(), gate.opened()]);
    expect(told).toEqual([at(22)]);
    await gate.opened();
    expect(told).toHaveLength(1);
  });

  it('stops waiting when asked to', async () => {
    const stop = new AbortController();
    const gate = createSendGate(NIGHT, { now: () => at(12), onWait: () => stop.abort() });
    await expect(gate.opened(stop.signal)).rejects.toMatchObject({ reason: 'INTERRUPTED', exitCode: 130 });
  });
});
