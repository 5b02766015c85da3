/** What it costs to encrypt an answer: against the bare primitives, against node-jose, and in answers a second of one core. In CPU time. */
import { createCipheriv, createSecretKey, diffieHellman, generateKeyPairSync, randomFillSync } from 'node:crypto';
import jose from 'node-jose';
import { decrypt } from '../../gateway/signing/decrypt.ts';
import { encrypt } from '../../gateway/signing/encrypt.ts';
import { generateEncryptionJwk, loadDecryptionKey, recipientKeyOf } from '../../gateway/signing/encryption-key.ts';
import { alternate, type Side } from './alternate.ts';
import type { BenchContext } from './context.ts';
import type { Figure } from './figure.ts';
import { median, rounded } from './stats.ts';

/** Answers a second that one core has to make. */
const LEAST_A_SECOND = 5000;
/** Header, derivation and encoding may take as long again as half of key pair, agreement and cipher. */
const BARE_GATE = 1 / 1.5;
const JOSE_GATE = 10;
/** An answer with a person's sensitive fields and its signature. */
const CONTENT_BYTES = 900;
const PASS = 50;
const PASSES = 200;
const JOSE_ROUNDS = 5;
const JOSE_PASS = 20;
const WARM_ROUNDS = 2;
const MICROS = 1_000_000;

export async function jwe({ options, say }: BenchContext): Promise<readonly Figure[]> {
  const { matchRounds, matchRoundMs } = options.sizes;
  const jwk = await generateEncryptionJwk();
  const own = loadDecryptionKey(jwk);
  const recipient = recipientKeyOf(own.publicJwk);
  const content = randomFillSync(Buffer.alloc(CONTENT_BYTES));
  const token = encrypt(content, recipient);
  const times = (once: () => number): Side => ({
    units: PASS,
    pass: () => Array.from({ length: PASS }, once).reduce((sum, one) => sum + one, 0),
  });
  const sides = {
    encrypt: times(() => encrypt(content, recipient).length),
    bare: times(() => bare(content, recipient.key)),
    decrypt: times(() => Number(decrypt(token, () => own).ok)),
  };
  const rounds = alternate(sides, { rounds: 2 * matchRounds + 1, roundMs: matchRoundMs, warmRounds: WARM_ROUNDS });
  const rates = (side: keyof typeof sides) => rounds.map((round) => round[side]);
  const inJose = await rateInJose(content, await jose.JWK.asKey({ ...jwk }));
  const ours = median(rates('encrypt'));
  const best = fastest(sides.encrypt);
  const micros = (rate: number) => (MICROS / rate).toFixed(0);
  say(`jwe: ${micros(ours)} µs an answer, ${micros(best)} µs at best; node-jose ${micros(inJose)} µs`);
  const figure = (name: string, value: number, baseline: number, gate: number, ratio = value / baseline): Figure => ({
    ...{ name, ratio: rounded(ratio), value: rounded(value, 4), unit: 'answers/s of a core' },
    ...{ baseline: rounded(baseline, 4), gate, goal: null },
  });
  const ofRounds = median(rounds.map((round) => round.encrypt / round.bare));
  return [
    {
      ...figure('jwe-bare', ours, median(rates('bare')), BARE_GATE, ofRounds),
      notes: [
        `${micros(ours)} µs an answer of ${CONTENT_BYTES} bytes; key pair, agreement and cipher alone ${micros(median(rates('bare')))} µs; opening one ${micros(median(rates('decrypt')))} µs`,
      ],
    },
    figure('jwe-node-jose', ours, inJose, JOSE_GATE),
    {
      ...figure('jwe-rate', best, LEAST_A_SECOND, 1),
      // What a machine makes of it is the machine's affair: the two ratios above are the gates.
      ...{ gate: null, goal: 1 },
      notes: [`the fastest ${2 * PASS} of ${2 * PASS * PASSES}; the median of rounds is ${Math.round(ours)} a second`],
    },
  ];
}

/** The rate of the fastest pair of passes: what else runs on the machine slows one, and nothing makes one faster than it is. */
function fastest({ units, pass }: Side): number {
  return Math.max(
    ...Array.from({ length: PASSES }, () => {
      const before = process.cpuUsage();
      pass();
      pass();
      const { user, system } = process.cpuUsage(before);
      return (2 * units * MICROS) / (user + system);
    }),
  );
}

/** The primitives that an answer cannot do without, with nothing around them. */
function bare(content: Uint8Array, publicKey: ReturnType<typeof recipientKeyOf>['key']): number {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x } = pair.publicKey.export({ format: 'jwk' });
  const secret = diffieHellman({ privateKey: pair.privateKey, publicKey });
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(secret), randomFillSync(Buffer.allocUnsafe(12)));
  const text = cipher.update(content);
  cipher.final();
  return text.length + cipher.getAuthTag().length + String(x).length;
}

/** Answers a second of CPU time; it works through promises, so it has turns of its own. */
async function rateInJose(content: Uint8Array, key: jose.JWK.Key): Promise<number> {
  const fields = { alg: 'ECDH-ES', typ: 'lt-answer+jwe' };
  const once = () =>
    jose.JWE.createEncrypt({ format: 'compact', contentAlg: 'A256GCM', fields } as never, key)
      .update(Buffer.from(content))
      .final();
  const rates: number[] = [];
  for (let round = 0; round <= JOSE_ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let at = 0; at < JOSE_PASS; at++) await once();
    const { user, system } = process.cpuUsage(before);
    // The first one compiles.
    if (round > 0) rates.push((JOSE_PASS * MICROS) / (user + system));
  }
  return median(rates);
}
