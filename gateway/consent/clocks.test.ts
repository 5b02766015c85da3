import { describe, expect, it } from 'vitest';
import { ClockKind } from '../../proto/gen/lienthong/consent/v1/consent_pb.js';
import { clockOf, isWorkingDay } from './clocks.ts';

const at = (text: string) => Date.parse(text) / 1000;
const text = (seconds: number) => new Date((seconds + 7 * 3600) * 1000).toISOString().slice(0, 16);
const due = (kind: Parameters<typeof clockOf>[0], from: string) => text(clockOf(kind, at(from)).dueAt);

describe('a legal clock', () => {
  it('counts whole days that follow, in Viet Nam', () => {
    expect(due(ClockKind.CARRY_OUT, '2026-11-02T09:00:00+07:00')).toBe('2026-11-18T00:00');
    // Still the second of November in Greenwich.
    expect(due(ClockKind.CARRY_OUT, '2026-11-03T00:30:00+07:00')).toBe('2026-11-19T00:00');
    expect(text(clockOf(ClockKind.CARRY_OUT, at('2026-11-02T09:00:00+07:00')).extendedDueAt)).toBe('2026-12-03T00:00');
  });

  it('counts working days over weekends, days off and days that are worked instead', () => {
    expect(due(ClockKind.ACKNOWLEDGE, '2026-11-06T16:59:00+07:00')).toBe('2026-11-11T00:00');
    // Tet: from Friday over the week off to the Tuesday after it.
    expect(due(ClockKind.ACKNOWLEDGE, '2026-02-13T09:00:00+07:00')).toBe('2026-02-25T00:00');
    // Saturday 22 August is worked in the place of Monday the 31st.
    expect(due(ClockKind.ACKNOWLEDGE, '2026-08-20T09:00:00+07:00')).toBe('2026-08-23T00:00');
    expect(due(ClockKind.ACKNOWLEDGE, '2026-08-28T09:00:00+07:00')).toBe('2026-09-05T00:00');
    expect(clockOf(ClockKind.ACKNOWLEDGE, at('2026-08-28T09:00:00+07:00')).extendedDueAt).toBe(0);
  });

  it('ends rather too early in a year that nobody has announced', () => {
    const day = Date.parse('2031-09-02') / 86_400_000;
    expect(isWorkingDay(day)).toBe(true);
  });
});
