import { describe, expect, it } from 'vitest';
import { SERVICES } from '../contract/services.ts';
import { asBuffer, rawService } from './adapter.ts';

describe('the adapter', () => {
  it('gives paths and kinds of streaming as the contract has them', () => {
    const methods = SERVICES.flatMap(({ service }) => Object.values(rawService(service)));
    const streams = methods.filter(({ requestStream, responseStream }) => requestStream && responseStream);
    expect(streams.map(({ path }) => path)).toEqual(['/lienthong.verification.v1.VerificationService/VerifyChunks']);
    expect(methods.filter(({ requestStream, responseStream }) => !requestStream && !responseStream)).toHaveLength(
      methods.length - 1,
    );
    expect(methods.map(({ path }) => path)).toContain('/lienthong.person.v1.PersonService/GetPerson');
  });

  it('shows bytes as a Buffer without copying, also inside a larger memory', () => {
    const memory = new Uint8Array([9, 1, 2, 3, 9]);
    const buffer = asBuffer(memory.subarray(1, 4));
    memory[2] = 7;
    expect([...buffer]).toEqual([1, 7, 3]);
    expect(asBuffer(buffer)).toBe(buffer);
  });
});
