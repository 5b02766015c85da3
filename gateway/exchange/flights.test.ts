import { describe, expect, it } from 'vitest';
import { createFlights, type Flight, type Flights } from './flights.ts';

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

const scopes = (...numbers: number[]) => new Uint8Array(Float64Array.from(numbers).buffer);

function begun(flights: Flights, ...numbers: number[]): Flight {
  const flight = flights.begin();
  flight.standsOn(scopes(...numbers));
  return flight;
}

describe('what a withdrawal waits for', () => {
  it('is what is written of the person and has not left: when the kernel has taken it, not when it was written', async () => {
    const flights = createFlights();
    const flight = begun(flights, 3, 7);
    const transport = slowTransport();
    flight.leaving(transport);
    const settling = flights.settle([7]);
    expect(await settled(settling)).toBe(false);
    flight.end();
    expect(await settled(settling)).toBe(false);
    transport.take();
    expect(await settled(settling)).toBe(true);
    expect(transport.cuts()).toBe(0);
  });

  it('is nothing of others, however slowly they read, and nothing that leaves later', async () => {
    const flights = createFlights();
    const ofOthers = begun(flights, 3, 7);
    ofOthers.leaving(slowTransport());
    await flights.settle([4]);
    const later = begun(flights, 4);
    later.leaving(slowTransport());
    expect([later.overtaken, flights.count]).toEqual([false, 2]);
  });

  it('is cut off where it takes too long, and with it no other connection', async () => {
    const flights = createFlights();
    const [slow, other] = [slowTransport(), slowTransport()];
    const flight = begun(flights, 3);
    flight.leaving(slow);
    begun(flights, 4).leaving(other);
    await flights.settle([3], 30);
    expect([slow.cuts(), other.cuts(), flights.count]).toEqual([1, 0, 1]);
    // Late news of it changes nothing.
    flight.end();
    expect(flights.count).toBe(1);
  });

  it('is all that stands on consents where nobody can say what was taken back', async () => {
    const flights = createFlights();
    const transport = slowTransport();
    begun(flights, 3).leaving(transport);
    const working = begun(flights, 4);
    await flights.settle(undefined, 30);
    expect([transport.cuts(), working.overtaken]).toEqual([1, true]);
  });
});

describe('what is not written yet', () => {
  it('never leaves as it is, whether whom it tells of was known before or only later', async () => {
    const flights = createFlights();
    const known = begun(flights, 3);
    const [unknown, ofOthers] = [flights.begin(), flights.begin()];
    await flights.settle([3]);
    await flights.settle([5]);
    expect([known.overtaken, unknown.overtaken]).toEqual([true, true]);
    unknown.standsOn(scopes(2, 3));
    ofOthers.standsOn(scopes(2, 4));
    expect([known.overtaken, unknown.overtaken, ofOthers.overtaken]).toEqual([true, true, false]);
    for (const overtaken of [known, unknown]) expect(() => overtaken.leaving(slowTransport())).toThrow();
    ofOthers.leaving(slowTransport());
  });

  it('is no more on its way once it was given up', async () => {
    const flights = createFlights();
    const flight = begun(flights, 3);
    await flights.settle([3]);
    flight.end();
    expect(flights.count).toBe(0);
  });
});
