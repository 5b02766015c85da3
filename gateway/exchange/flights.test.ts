import { describe, expect, it } from 'vitest';
import { createFlights, type Flight } from './flights.ts';

/** A connection that takes what it is given when it is told to. */
function slowTransport() {
  let pending = true;
  let cuts = 0;
  return {
    pending: () => pending,
    cut() {
      cuts += 1;
      pending = false;
    },
    take() {
      pending = false;
    },
    cuts: () => cuts,
  };
}

async function settled(promise: Promise<void>): Promise<boolean> {
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, 60, 'late'));
  return (await Promise.race([promise, late])) !== 'late';
}

describe('what a withdrawal waits for', () => {
  it('is nothing where nothing flies, and never what begins after it', async () => {
    const flights = createFlights();
    await flights.settle();
    const before = flights.begin();
    const settling = flights.settle();
    const after = flights.begin();
    expect(await settled(settling)).toBe(false);
    before.end();
    expect(await settled(settling)).toBe(true);
    expect(flights.count).toBe(1);
    after.end();
  });

  it('has left when the kernel has taken it, not when it was written', async () => {
    const flights = createFlights();
    const flight = flights.begin();
    const transport = slowTransport();
    flight.leaving(transport);
    const settling = flights.settle();
    expect(await settled(settling)).toBe(false);
    flight.end();
    expect(await settled(settling)).toBe(false);
    transport.take();
    expect(await settled(settling)).toBe(true);
    expect(transport.cuts()).toBe(0);
  });

  it('is cut off where it takes too long: what is written never leaves, what is not written yet is never signed away', async () => {
    const flights = createFlights();
    const [written, working]: Flight[] = [flights.begin(), flights.begin()];
    const transport = slowTransport();
    written?.leaving(transport);
    await flights.settle(30);
    expect([transport.cuts(), flights.count]).toEqual([1, 0]);
    expect(() => working?.leaving(slowTransport())).toThrow();
    // Late news of either changes nothing.
    written?.end();
    working?.end();
    expect(flights.count).toBe(0);
  });
});
