import { afterEach, describe, expect, test, vi } from 'vitest';
import { newKeyHere, signIn } from './acting-person.ts';
import { AN, createSample } from './sample.test-support.ts';
import { serveConsole } from './serve.ts';
import { createSessions, SIGNED_IN_MS } from './session.ts';

describe('sessions that are over', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are forgotten by a sweep, with what they held', async () => {
    let now = 0;
    const sessions = createSessions({ now: () => now });
    const person = await signIn(createSample().parts.eid, AN, await newKeyHere());
    const session = sessions.open(person);
    session.kept.set('consents', { value: 'a list', until: Number.POSITIVE_INFINITY });
    sessions.sweep();
    expect(sessions.size).toBe(1);
    now = SIGNED_IN_MS;
    sessions.sweep();
    expect([sessions.size, session.kept.size]).toEqual([0, 0]);
  });

  test('are swept while the pages are served', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { parts, pass } = createSample();
    const running = await serveConsole(parts, { port: 0 });
    parts.sessions.open(await signIn(parts.eid, AN, await newKeyHere()));
    pass(SIGNED_IN_MS);
    vi.advanceTimersByTime(60_000);
    expect(parts.sessions.size).toBe(0);
    await running.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
