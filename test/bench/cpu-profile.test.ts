import { expect, it } from 'vitest';
import { placeOf, sharesOf } from './cpu-profile.ts';

it('names the folder, the package or the runtime', () => {
  const at = (url: string, functionName = 'f'): string => placeOf({ url, functionName });
  expect(at('file:///x/gateway/matching/judge-row.ts')).toBe('gateway/matching');
  expect(at('file:///x/gateway/main.ts')).toBe('gateway/main.ts');
  expect(at('file:///x/node_modules/@grpc/grpc-js/build/src/server.js')).toBe('@grpc/grpc-js');
  expect(at('file:///x/node_modules/pg/lib/client.js')).toBe('pg');
  expect(at('file:///x/proto/gen/lienthong/a_pb.js')).toBe('proto/gen');
  expect(at('node:internal/http2/core')).toBe('node:internal/http2');
  expect(at('', '(garbage collector)')).toBe('(garbage collector)');
});

it('shares busy time, and leaves idle time out', () => {
  const frame = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });
  const nodes = [frame(1, '(idle)'), frame(2, 'a', 'file:///x/gateway/rpc/a.ts'), frame(3, '(program)')];
  const shares = sharesOf([{ nodes, samples: [1, 2, 3, 2], timeDeltas: [500, 200, 100, 100] }]);
  expect(shares).toEqual([
    { place: 'gateway/rpc', seconds: 0.0003, share: 0.75 },
    { place: '(program)', seconds: 0.0001, share: 0.25 },
  ]);
});
