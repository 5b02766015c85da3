import { expect, it } from 'vitest';
import { linksOf } from './traceparent.ts';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

it('a trace of the client becomes a link', () => {
  const context = { traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true };
  expect(linksOf(`00-${TRACE}-${SPAN}-01`)).toEqual([{ context }]);
  expect(linksOf(`01-${TRACE}-${SPAN}-03-more`)).toEqual([{ context }]);
});

it.each([
  undefined,
  '',
  '901085000017',
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-01-${'x'.repeat(200)}`,
])('what is none becomes nothing: %s', (text) => expect(linksOf(text)).toEqual([]));
