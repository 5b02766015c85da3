/**
 * Writes `sha256-lanes.wasm.ts`: SHA-256 (FIPS 180-4) over four messages at once in WebAssembly SIMD, and the few loops that lay
 * messages out in blocks. Development only: `launcher.mjs --run gateway/proof/sha256-lanes.generate.ts`; a test compares the
 * committed text with a fresh one. The WebAssembly text is put together here because the rounds repeat.
 */
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

/** Pages of 64 KiB; `sha256-lanes.ts` lays them out. The first 1 KiB holds constants and scratch. */
const PAGES = 16;
const K_AT = 0; // 64 round constants, u32
const W_AT = 256; // 16 message words × 4 lanes
const S_AT = 512; // 8 state words × 4 lanes

const STATE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Fractional parts of cube roots of the first 64 primes, in exact integer arithmetic. */
function roundConstants(): number[] {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 64; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
  return primes.map((p) => {
    const target = p << 96n; // cube root of p · 2^32
    let [low, high] = [0n, 1n << 36n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** 3n <= target) low = middle;
      else high = middle;
    }
    return Number(low & 0xffff_ffffn);
  });
}

const get = (name: string): string => `(local.get $${name})`;
const set = (name: string, value: string): string => `(local.set $${name} ${value})`;
const add = (...terms: string[]): string => terms.reduce((sum, term) => `(i32x4.add ${sum} ${term})`);
const xor = (...terms: string[]): string => terms.reduce((sum, term) => `(v128.xor ${sum} ${term})`);
const shr = (x: string, n: number): string => `(i32x4.shr_u ${x} (i32.const ${n}))`;
const rotr = (x: string, n: number): string => `(v128.or ${shr(x, n)} (i32x4.shl ${x} (i32.const ${32 - n})))`;

/** One round; `i` counts in its group of 16, the schedule is extended in place from the second group on. */
function round(i: number, extend: boolean): string {
  const name = (offset: number): string => STATE[(((offset - i) % 8) + 8) % 8]!;
  const [a, b, d, e, f, g, h] = [0, 1, 3, 4, 5, 6, 7].map((offset) => get(name(offset)));
  const word = (j: number): string => get(`w${j % 16}`);
  const lines: string[] = [];
  if (extend) {
    const small0 = xor(rotr(word(i + 1), 7), rotr(word(i + 1), 18), shr(word(i + 1), 3));
    const small1 = xor(rotr(word(i + 14), 17), rotr(word(i + 14), 19), shr(word(i + 14), 10));
    lines.push(set(`w${i}`, add(word(i), small0, word(i + 9), small1)));
  }
  const big1 = xor(rotr(e!, 6), rotr(e!, 11), rotr(e!, 25));
  const choose = xor(g!, `(v128.and ${e} ${xor(f!, g!)})`);
  const constant = `(v128.load32_splat offset=${K_AT + 4 * i} (local.get $k))`;
  lines.push(set('t', add(h!, word(i), constant, choose, big1)));
  lines.push(set(name(3), add(d!, get('t'))));
  const big0 = xor(rotr(a!, 2), rotr(a!, 13), rotr(a!, 22));
  // maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and b ^ c is the a ^ b of the round before.
  lines.push(set('ab', xor(a!, b!)));
  const majority = xor(b!, `(v128.and ${get('ab')} ${get('bc')})`);
  lines.push(set(name(7), add(get('t'), big0, majority)));
  lines.push(set('bc', get('ab')));
  return lines.join('\n');
}

/** Sixteen words W, eight words S in memory: S += compression of (S, W), four lanes. */
function compressFunction(): string {
  return `(func $compress (local $k i32) (local $t v128) (local $ab v128) (local $bc v128)
${STATE.map((s) => `(local $${s} v128)`).join(' ')}
${range(16)
  .map((i) => `(local $w${i} v128)`)
  .join(' ')}
${STATE.map((s, i) => set(s, `(v128.load offset=${S_AT + 16 * i} (i32.const 0))`)).join('\n')}
${range(16)
  .map((i) => set(`w${i}`, `(v128.load offset=${W_AT + 16 * i} (i32.const 0))`))
  .join('\n')}
${set('bc', xor(get('b'), get('c')))}
${range(16)
  .map((i) => round(i, false))
  .join('\n')}
(loop $again
(local.set $k (i32.add (local.get $k) (i32.const 64)))
${range(16)
  .map((i) => round(i, true))
  .join('\n')}
(br_if $again (i32.lt_u (local.get $k) (i32.const 192))))
${STATE.map((s, i) => `(v128.store offset=${S_AT + 16 * i} (i32.const 0) ${add(get(s), `(v128.load offset=${S_AT + 16 * i} (i32.const 0))`)})`).join('\n')})`;
}

const shuffle = (lanes: readonly number[], x: string, y: string): string =>
  `(i8x16.shuffle ${lanes.join(' ')} ${x} ${y})`;
const words = (...indices: number[]): number[] => indices.flatMap((i) => range(4).map((j) => 4 * i + j));
const BYTE_SWAP = range(16).map((i) => (i & ~3) | (3 - (i & 3)));
const swapped = (x: string): string => shuffle(BYTE_SWAP, x, x);

/** Locals x0…x3 (a row each) become columns. */
function transpose(): string {
  return [
    set('y0', shuffle(words(0, 4, 1, 5), get('x0'), get('x1'))),
    set('y1', shuffle(words(0, 4, 1, 5), get('x2'), get('x3'))),
    set('y2', shuffle(words(2, 6, 3, 7), get('x0'), get('x1'))),
    set('y3', shuffle(words(2, 6, 3, 7), get('x2'), get('x3'))),
    set('x0', shuffle(words(0, 1, 4, 5), get('y0'), get('y1'))),
    set('x1', shuffle(words(2, 3, 6, 7), get('y0'), get('y1'))),
    set('x2', shuffle(words(0, 1, 4, 5), get('y2'), get('y3'))),
    set('x3', shuffle(words(2, 3, 6, 7), get('y2'), get('y3'))),
  ].join('\n');
}

const XY = range(4)
  .map((i) => `(local $x${i} v128) (local $y${i} v128)`)
  .join(' ');

/** Four blocks at src, 64 bytes apart, become the message words. */
function gatherFunction(): string {
  const quarter = (q: number): string =>
    [
      ...range(4).map((lane) =>
        set(`x${lane}`, swapped(`(v128.load offset=${64 * lane + 16 * q} align=1 (local.get $src))`)),
      ),
      transpose(),
      ...range(4).map((i) => `(v128.store offset=${W_AT + 64 * q + 16 * i} (i32.const 0) ${get(`x${i}`)})`),
    ].join('\n');
  return `(func $gather (param $src i32) ${XY}\n${range(4).map(quarter).join('\n')})`;
}

/** The state becomes four digests at dst, 32 bytes apart. */
function scatterFunction(): string {
  const half = (q: number): string =>
    [
      ...range(4).map((i) => set(`x${i}`, `(v128.load offset=${S_AT + 64 * q + 16 * i} (i32.const 0))`)),
      transpose(),
      ...range(4).map(
        (lane) => `(v128.store offset=${32 * lane + 16 * q} align=1 (local.get $dst) ${swapped(get(`x${lane}`))})`,
      ),
    ].join('\n');
  return `(func $scatter (param $dst i32) ${XY}\n${range(2).map(half).join('\n')})`;
}

/** All lanes start from the digest-shaped (big endian) state at iv. */
const START = `(func $start (param $iv i32)
${range(8)
  .map(
    (i) =>
      `(v128.store offset=${S_AT + 16 * i} (i32.const 0) ${swapped(`(v128.load32_splat offset=${4 * i} align=1 (local.get $iv))`)})`,
  )
  .join('\n')})`;

const step = (name: string, by: string): string => `(local.set $${name} (i32.add (local.get $${name}) ${by}))`;
/** Body once for each group of four, at least once; n counts down. */
const fours = (body: string): string => `(loop $next
${body}
(local.set $n (i32.sub (local.get $n) (i32.const 4)))
(br_if $next (i32.gt_s (local.get $n) (i32.const 0))))`;
const each = (body: string): string => `(loop $next
${body}
(br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))`;

/** n padded 64-byte blocks at src → n digests at dst, from the state at iv. Reads and writes up to the next multiple of four. */
const BLOCKS = `(func (export "blocks") (param $src i32) (param $dst i32) (param $n i32) (param $iv i32)
${fours(`(call $start (local.get $iv)) (call $gather (local.get $src)) (call $compress) (call $scatter (local.get $dst))
${step('src', '(i32.const 256)')} ${step('dst', '(i32.const 128)')}`)})`;

/**
 * n pairs of hashes at src → n nodes SHA-256(tag ‖ pair) at dst. The 65 bytes are two blocks: the first begins with the tag, so
 * its words lie one byte before the pair; the second is the last byte, 80, zeros, 520 bits.
 */
const NODES = `(func (export "nodes") (param $src i32) (param $dst i32) (param $n i32) (param $iv i32) (param $tag i32)
(local $first v128) (local $mask v128)
${set('first', '(i32x4.splat (i32.shl (local.get $tag) (i32.const 24)))')}
${set('mask', '(v128.const i32x4 0x00ffffff 0x00ffffff 0x00ffffff 0x00ffffff)')}
${fours(`(call $start (local.get $iv)) (call $gather (i32.sub (local.get $src) (i32.const 1)))
(v128.store offset=${W_AT} (i32.const 0) (v128.or ${get('first')} (v128.and ${get('mask')} (v128.load offset=${W_AT} (i32.const 0)))))
(call $compress)
(v128.store offset=${W_AT} (i32.const 0) (v128.const i32x4 0x00800000 0x00800000 0x00800000 0x00800000))
${range(4)
  .map(
    (lane) =>
      `(i32.store8 offset=${W_AT + 4 * lane + 3} (i32.const 0) (i32.load8_u offset=${64 * lane + 63} (local.get $src)))`,
  )
  .join('\n')}
${range(14)
  .map((i) => `(v128.store offset=${W_AT + 16 * (i + 1)} (i32.const 0) (v128.const i32x4 0 0 0 0))`)
  .join('\n')}
(v128.store offset=${W_AT + 240} (i32.const 0) (v128.const i32x4 520 520 520 520))
(call $compress) (call $scatter (local.get $dst))
${step('src', '(i32.const 256)')} ${step('dst', '(i32.const 128)')}`)})`;

/** Copies a 64-byte block n times to dst. n ≥ 1 here and below. */
const STAMP = `(func (export "stamp") (param $block i32) (param $dst i32) (param $n i32)
${each(
  range(4)
    .map(
      (q) =>
        `(v128.store offset=${16 * q} align=1 (local.get $dst) (v128.load offset=${16 * q} align=1 (local.get $block)))`,
    )
    .join('\n') + step('dst', '(i32.const 64)'),
)})`;

/** Copies 16 bytes n times, from src by srcStep to dst by dstStep. */
const PLACE = `(func (export "place") (param $src i32) (param $srcStep i32) (param $dst i32) (param $dstStep i32) (param $n i32)
${each(`(v128.store align=1 (local.get $dst) (v128.load align=1 (local.get $src)))
${step('src', '(local.get $srcStep)')} ${step('dst', '(local.get $dstStep)')}`)})`;

/** Writes first, first+1, … as u32 big endian, 64 bytes apart. */
const COUNT = `(func (export "count") (param $dst i32) (param $first i32) (param $n i32)
${each(`(i32.store8 (local.get $dst) (i32.shr_u (local.get $first) (i32.const 24)))
(i32.store8 offset=1 (local.get $dst) (i32.shr_u (local.get $first) (i32.const 16)))
(i32.store8 offset=2 (local.get $dst) (i32.shr_u (local.get $first) (i32.const 8)))
(i32.store8 offset=3 (local.get $dst) (local.get $first))
${step('dst', '(i32.const 64)')} ${step('first', '(i32.const 1)')}`)})`;

/**
 * n blocks at dst: message i (from offsets[i] to offsets[i+1] after src) at \`at\`, 80, zeros, and its bits plus extraBits as
 * length. Precondition: at + message ≤ 55 bytes.
 */
const FILL = `(func (export "fill") (param $src i32) (param $offsets i32) (param $dst i32) (param $n i32) (param $at i32) (param $extraBits i32)
(local $from i32) (local $to i32) (local $length i32) (local $bits i32)
${each(`${range(4)
  .map((q) => `(v128.store offset=${16 * q} align=1 (local.get $dst) (v128.const i32x4 0 0 0 0))`)
  .join('\n')}
(local.set $from (i32.add (local.get $src) (i32.load (local.get $offsets))))
(local.set $length (i32.sub (i32.load offset=4 (local.get $offsets)) (i32.load (local.get $offsets))))
(local.set $to (i32.add (local.get $dst) (local.get $at)))
(local.set $bits (i32.add (local.get $extraBits) (i32.shl (i32.add (local.get $at) (local.get $length)) (i32.const 3))))
(i32.store8 offset=62 (local.get $dst) (i32.shr_u (local.get $bits) (i32.const 8)))
(i32.store8 offset=63 (local.get $dst) (local.get $bits))
(block $done (loop $byte
(br_if $done (i32.eqz (local.get $length)))
(i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
${step('to', '(i32.const 1)')} ${step('from', '(i32.const 1)')} ${step('length', '(i32.const -1)')}
(br $byte)))
(i32.store8 (local.get $to) (i32.const 0x80))
${step('offsets', '(i32.const 4)')} ${step('dst', '(i32.const 64)')}`)})`;

/** The module in WebAssembly text. */
function moduleText(): string {
  const bytes = Buffer.alloc(256);
  roundConstants().forEach((k, i) => {
    bytes.writeUInt32LE(k, 4 * i);
  });
  const data = [...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  return `(module (memory (export "memory") ${PAGES} ${PAGES}) (data (i32.const ${K_AT}) "${data}")
${[compressFunction(), gatherFunction(), scatterFunction(), START, BLOCKS, NODES, STAMP, PLACE, COUNT, FILL].join('\n')})`;
}

/** The text of the generated file. */
export async function generate(): Promise<string> {
  const wabt = await createWabt();
  const parsed = wabt.parseWat('sha256-lanes.wat', moduleText(), { simd: true });
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const lines =
    Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  return `/** Generated by \`sha256-lanes.generate.ts\`, never edited: ${buffer.length} bytes of WebAssembly in base64. */
export const SHA256_LANES_WASM =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('sha256-lanes.wasm.ts', import.meta.url), await generate());
}
