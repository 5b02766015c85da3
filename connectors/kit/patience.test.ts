import { describe, expect, it } from 'vitest';
import { refuse } from '../../gateway/errors/refuse.ts';
import { ErrorReason } from '../../proto/gen/lienthong/error/v1/error_pb.js';
import { KitError } from './kit-error.ts';
import { createPatience, type Outage } from './patience.ts';
import { gatewayError } from './refusal.ts';
import { backoffMs } from './retry.ts';

const away = () => new KitError('UNAVAILABLE', { address: 'gateway:7443' });

describe('patience', () => {
  it('tells of an outage once, and of its end; of the next one again, and of a moment not at all', () => {
    const told: (Outage | undefined)[] = [];
    const patience = createPatience({ forMs: 3_600_000, onOutage: (outage) => told.push(outage) });
    patience.afterFailure(away(), 0);
    patience.moved();
    expect(told).toEqual([]);
    for (let attempt = 0; attempt < 6; attempt++) patience.afterFailure(away(), attempt);
    patience.moved();
    patience.moved();
    expect(told).toEqual([{ since: expect.any(Date), until: expect.any(Date) }, undefined]);
    expect(Number(told[0]?.until) - Number(told[0]?.since)).toBe(3_600_000);
    patience.afterFailure(away(), 5);
    expect(told.length).toBe(3);
    // Nobody tries at this hour: that is no end.
    patience.rest();
    patience.moved();
    expect(told.length).toBe(3);
  });

  it('ends at what no waiting mends, and where there is none', () => {
    expect(() => createPatience({ forMs: 1000 }).afterFailure(new KitError('FILE_CHANGED'), 0)).toThrow('changed');
    const none = createPatience({ forMs: -1 });
    expect(() => none.afterFailure(away(), 0)).toThrow('gateway:7443');
  });

  it('waits for a limit that begins anew in time, and not for one of a day', () => {
    const limited = (retryAfterMs: number) => {
      const { code, message, details } = refuse(ErrorReason.LIMITED, { limits: ['RATE'], retryAfterMs });
      const answer = { code, text: message, message: undefined, details: Buffer.from(details), signature: undefined };
      return gatewayError(answer, 'gateway:7443');
    };
    const patience = createPatience({ forMs: 60_000 });
    expect(patience.afterFailure(limited(5_000), 0)).toBe(5_000);
    const day = limited(86_400_000);
    expect(() => patience.afterFailure(day, 0)).toThrow(day);
  });

  it('waits longer the longer it lasts, up to half a minute', () => {
    const random = () => 1;
    expect([0, 60_000, 3_600_000].map((awayMs) => backoffMs(20, { awayMs, random }))).toEqual([2_000, 6_000, 30_000]);
    expect(backoffMs(0, { awayMs: 3_600_000, random })).toBe(200);
  });
});
