import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDoor } from './handshakes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

let ports = 0;
class FakeSocket extends EventEmitter {
  readonly remotePort = ++ports;
  destroyed = false;
  readonly remoteAddress: string;
  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function setUp({ busy = true, handshakes = 1000, handshakesPerAddress = 100 } = {}) {
  const begun: FakeSocket[] = [];
  let turnedAway = 0;
  const door = createDoor({
    ...{ handshakes, handshakesPerAddress },
    nowMs: () => Date.now(),
    busy: () => busy,
    begin: (socket) => void begun.push(socket as unknown as FakeSocket),
    onTurnedAway: () => {
      turnedAway += 1;
    },
  });
  return {
    begun,
    turnedAway: () => turnedAway,
    slow: door.slow,
    close: door.close,
    done: (socket: FakeSocket) => door.done(socket as unknown as TLSSocket),
    arrive(address: string, count = 1) {
      const all = Array.from({ length: count }, () => new FakeSocket(address));
      for (const socket of all) door.arrive(socket as unknown as Socket);
      return all;
    },
  };
}

describe('handshakes', () => {
  it('begin at once where nobody is served', () => {
    const { arrive, begun } = setUp({ busy: false });
    arrive('a', 50);
    expect(begun.length).toBe(50);
  });

  it('begin one by one beside calls, addresses in turns', () => {
    const { arrive, begun } = setUp();
    arrive('a', 50);
    const [other] = arrive('b');
    expect(begun.length).toBe(1);
    vi.advanceTimersByTime(10);
    expect(begun.length).toBe(3);
    expect(begun).toContain(other);
    vi.advanceTimersByTime(1000);
    expect(begun.length).toBe(51);
  });

  it('of those that left the line meanwhile are not begun, and keep nobody waiting', () => {
    const { arrive, begun } = setUp();
    const all = arrive('a', 10);
    for (const socket of all.slice(1, 9)) socket.destroy();
    vi.advanceTimersByTime(5);
    expect(begun).toEqual([all[0], all[9]]);
  });

  it('are so many under way or in line, and go on as those end', () => {
    const { arrive, done, begun, turnedAway } = setUp({ handshakes: 3 });
    const [first] = arrive('a', 5);
    expect(turnedAway()).toBe(2);
    vi.advanceTimersByTime(100);
    expect(begun.length).toBe(3);
    if (first !== undefined) done(first);
    arrive('a', 2);
    expect(turnedAway()).toBe(3);
  });

  it('of an address that lets them lie give way, the oldest first, to those of others until each has as many', () => {
    const { arrive, done, begun, turnedAway } = setUp({ busy: false, handshakes: 6 });
    const idle = arrive('a', 6);
    const others = [...arrive('b'), ...arrive('c')];
    expect(idle.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false, false, false]);
    expect(others.every((socket) => begun.includes(socket))).toBe(true);
    expect(turnedAway()).toBe(2);
    arrive('b', 5);
    expect(idle.filter(({ destroyed }) => destroyed).length).toBe(3);
    expect(others.some(({ destroyed }) => destroyed)).toBe(false);
    expect(turnedAway()).toBe(7);
    for (const socket of others) done(socket);
    arrive('a', 2);
    expect([turnedAway(), idle.filter(({ destroyed }) => destroyed).length]).toEqual([7, 3]);
  });

  it('of one IPv6 network are counted together', () => {
    const { arrive, turnedAway } = setUp({ busy: false, handshakesPerAddress: 1 });
    for (let i = 0; i < 10; i++) arrive(`2001:db8:0:1::${i + 1}`);
    expect(turnedAway()).toBe(6);
    arrive('2001:db8:0:2::1');
    expect(turnedAway()).toBe(6);
  });

  it('end with the listener: those in line, under way and left unread, and whoever comes yet', () => {
    const { arrive, close, begun } = setUp({ handshakes: 3 });
    const all = arrive('a', 5);
    close();
    all.push(...arrive('b'));
    expect(all.every(({ destroyed }) => destroyed)).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(begun.length).toBe(1);
  });

  it('are so many a second of an address, whose others are left unread for a while and closed then', () => {
    const { arrive, turnedAway } = setUp({ busy: false, handshakesPerAddress: 5 });
    const all = arrive('a', 30);
    expect([turnedAway(), all.some(({ destroyed }) => destroyed)]).toEqual([10, false]);
    vi.advanceTimersByTime(1000);
    expect(all.filter(({ destroyed }) => destroyed)).toEqual(all.slice(20));
    arrive('a', 6);
    expect(turnedAway()).toBe(11);
    arrive('b', 20);
    expect(turnedAway()).toBe(11);
  });

  it('of those turned away are closed at once where too many are left unread already', () => {
    const { arrive } = setUp({ busy: false, handshakesPerAddress: 1 });
    const all = arrive('a', 1100);
    expect(all.filter(({ destroyed }) => destroyed).length).toBe(1100 - 4 - 1024);
  });

  it('are few for some seconds at an address that was slowed, and as many as before then', () => {
    const { arrive, slow, turnedAway } = setUp({ busy: false });
    slow('a');
    arrive('a', 30);
    expect(turnedAway()).toBe(20);
    vi.advanceTimersByTime(1000);
    arrive('a', 30);
    expect(turnedAway()).toBe(40);
    vi.advanceTimersByTime(9000);
    arrive('a', 90);
    expect(turnedAway()).toBe(40);
  });
});
