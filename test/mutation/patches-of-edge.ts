/** What one party may take of the thread that serves everybody. */
import type { Patch } from './patch.ts';

const PARTIES_TEST = 'gateway/rpc/guard/edge-parties.test.ts';
const GUARD_TEST = 'gateway/rpc/guard/edge-guard.test.ts';
const SHARE_TEST = 'gateway/rpc/guard/thread-share.test.ts';
const WIRED_TEST = 'gateway/rpc/guard/edge-share.test.ts';
const DOOR_TEST = 'gateway/rpc/guard/handshakes.test.ts';

export const EDGE_PATCHES: readonly Patch[] = [
  {
    ...{ attack: 'what waits unread is taken for noise', file: 'gateway/rpc/guard/noise.ts', test: GUARD_TEST },
    ...{ find: 'read - heard - waiting', put: 'read - heard' },
  },
  {
    ...{ attack: 'a bomb is inflated as its connection goes down', file: 'gateway/rpc/guard/stream-guard.ts' },
    ...{ find: 'stream.close(NGHTTP2_ENHANCE_YOUR_CALM);\n      return;', put: 'return;', test: GUARD_TEST },
  },
  {
    ...{ attack: 'calls are opened and given up by the thousand', file: 'gateway/rpc/guard/edge-guard.ts' },
    ...{ find: 'return connection.opened > 2 * concurrentStreams;', put: 'return false;', test: PARTIES_TEST },
  },
  {
    ...{ attack: 'calls are given up without end', file: 'gateway/rpc/guard/edge-guard.ts', test: PARTIES_TEST },
    ...{ find: 'if (!takeFrom(connection.resets', put: 'if (false && !takeFrom(connection.resets' },
  },
  {
    ...{ attack: 'who is let go comes back at once', file: 'gateway/rpc/guard/edge-guard.ts', test: PARTIES_TEST },
    ...{ find: 'parties.bar(party, performance.now());', put: '' },
  },
  {
    ...{ attack: 'bytes are free', file: 'gateway/rpc/guard/edge-guard.ts', test: WIRED_TEST },
    ...{ find: 'share.spend(party.name, data.length * MICROS_A_BYTE, connection.valve);', put: '' },
  },
  {
    ...{ attack: 'streams are free', file: 'gateway/rpc/guard/edge-guard.ts', test: WIRED_TEST },
    ...{ find: 'share.spend(party.name, STREAM_MICROS, connection.valve);', put: '' },
  },
  {
    ...{ attack: 'whoever sends chunks is nobody', file: 'gateway/rpc/guard/edge-guard.ts', test: WIRED_TEST },
    ...{ find: "if (facts.kind === 'chunks') share.here(party.name);", put: '' },
  },
  {
    ...{ attack: 'who is let go has handshakes as before', file: 'gateway/rpc/guard/edge-guard.ts' },
    ...{ find: '    slow(address);', put: '', test: PARTIES_TEST },
  },
  {
    ...{ attack: 'whoever sends nothing saves up', file: 'gateway/rpc/guard/thread-share.ts', test: SHARE_TEST },
    ...{
      find: 'settle(account, now);\n      account.debt += micros;',
      put: 'account.debt += micros;\n      settle(account, now);',
    },
  },
  {
    ...{ attack: 'a debt ends with the connection', file: 'gateway/rpc/guard/thread-share.ts', test: SHARE_TEST },
    ...{ find: 'if (account.debt === 0)', put: 'if (account.debt >= 0)' },
  },
  {
    ...{ attack: 'a new connection is read while the others are stopped', file: 'gateway/rpc/guard/thread-share.ts' },
    ...{ find: 'if (account.stopped) valve.stop();', put: '', test: SHARE_TEST },
  },
  {
    ...{ attack: 'one address has all handshakes', file: 'gateway/rpc/guard/handshakes.ts', test: DOOR_TEST },
    ...{ find: 'if (lines.delete(name)) lines.set(name, own);', put: '' },
  },
  {
    ...{ attack: 'a flood is worked on as it comes', file: 'gateway/exchange/call-turns.ts' },
    ...{ find: 'Math.floor(asked / 2)', put: 'asked', test: 'gateway/exchange/call-turns.test.ts' },
  },
  {
    ...{ attack: 'streams are opened as fast as they come', file: 'gateway/jobs/verify-chunks.ts' },
    ...{
      find: 'await deps.callTurns.run(legalEntity, () => open(deps, stream, first, reached));',
      put: 'await open(deps, stream, first, reached);',
    },
    test: 'gateway/jobs/verify-chunks.test.ts',
  },
  {
    ...{ attack: 'a request is twelve thousand fields', file: 'gateway/exchange/wire-fields.ts' },
    ...{ find: 'return left < 0;', put: 'return false;', test: 'gateway/exchange/wire-fields.test.ts' },
  },
];
