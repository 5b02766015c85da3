import { describe, expect, it } from 'vitest';
import { agreementBytes, agreementDigest } from './agreement.ts';
import { buildData, type DataSources, type SignedAgreement } from './agreements.ts';
import { sampleAgreement, signed, signText, verifyText } from './testing/agreements.ts';

const vocabulary = {
  version: 1,
  fields: { '1': { path: 'personal_id', class: 'basic' }, '2': { path: 'full_name', class: 'basic' } },
} as const;
const agencies = { sample: { legal_entity: 'LE-1', status: 'active' } } as const;

function build(agreements: readonly SignedAgreement[], changes: Partial<DataSources> = {}) {
  return buildData({ agencies, agreements, vocabulary, verify: verifyText, ...changes });
}

function problems(built: ReturnType<typeof build>): string[] {
  return built.refused.map(({ index, path, problem }) => `${index} ${path} ${problem}`.replace('  ', ' '));
}

const sample = sampleAgreement();
const text = (value: string) => new TextEncoder().encode(value);

describe('an agreement counts', () => {
  it('with two different officers over its exact bytes', () => {
    const { data, refused } = build([signed(sample)]);
    expect(refused).toEqual([]);
    expect(data).toEqual({ agencies, agreements: { sample: { sampling: sample } }, vocabulary });
  });

  it('also where further signatures beside the two are worthless', () => {
    const good = signed(sample);
    expect(build([{ ...good, signatures: ['', 'nonsense', ...good.signatures] }]).refused).toEqual([]);
  });
});

describe('an agreement does not count', () => {
  const other = sampleAgreement({ limits: { rows_per_job: 9, rows_per_day: 9 } });
  const bytes = agreementBytes(sample);
  const json = JSON.stringify(sample);

  it.each<[string, readonly string[]]>([
    ['without signatures', []],
    ['with one officer', [signText('a', sample)]],
    ['with one officer twice', [signText('a', sample), signText('a', sample)]],
    ['with one officer and another over other contents', [signText('a', sample), signText('b', other)]],
    ['with officers who signed another version', ['a', 'b'].map((o) => signText(o, sampleAgreement({ version: 2 })))],
    ['with an officer without a name', [signText('a', sample), signText('', sample)]],
  ])('%s', (_, signatures) => {
    const built = build([{ bytes, signatures }]);
    expect(problems(built)).toEqual(['0 NOT_SIGNED_BY_TWO']);
    expect(built.data.agreements).toEqual({});
  });

  it('when the verifier throws', () => {
    const verify = () => {
      throw new Error('no key');
    };
    expect(problems(build([signed(sample)], { verify }))).toEqual(['0 NOT_SIGNED_BY_TWO']);
  });

  it('after one edit of a stored byte, whatever it is', () => {
    const good = signed(sample);
    for (let at = 0; at < bytes.length; at += 1) {
      const edited = bytes.slice();
      edited[at] = (edited[at] ?? 0) ^ 1;
      expect(build([{ ...good, bytes: edited }]).data.agreements, `byte ${at}`).toEqual({});
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['not JSON', text('{'), '0 NOT_JSON'],
    ['no UTF-8', new Uint8Array([0xff, 0xfe]), '0 NOT_JSON'],
    ['a byte-order mark', text(`\ufeff${json}`), '0 NOT_JSON'],
    ['members in another order', text(json), '0 NOT_CANONICAL'],
    ['white space', text(`${new TextDecoder().decode(bytes)} `), '0 NOT_CANONICAL'],
    ['a member twice', text(new TextDecoder().decode(bytes).replace('{', '{"version":1,')), '0 NOT_CANONICAL'],
    [
      'a number written otherwise',
      text(new TextDecoder().decode(bytes).replace('"version":1,', '"version":1.0,')),
      '0 NOT_CANONICAL',
    ],
    ['64 KiB and more', text('x'.repeat(65_537)), '0 TOO_LARGE'],
    ['nesting to the brim', text(`${'['.repeat(32_000)}${']'.repeat(32_000)}`), '0 WRONG'],
  ])('as %s, though two officers signed those bytes', (_, odd, problem) => {
    const verify = (officer: string) => ({ officer });
    expect(problems(build([{ bytes: odd, signatures: ['a', 'b'] }], { verify }))).toEqual([problem]);
  });

  it('without an end, named by its path', () => {
    const { valid_to: _, ...endless } = sample;
    expect(problems(build([signed(endless as typeof sample)]))).toEqual(['0 valid_to MISSING']);
  });

  it.each([
    ['of an unknown agency', { agency: 'nobody' }, '0 agency AGENCY_UNKNOWN'],
    ['of a newer vocabulary', { vocabulary_version: 2 }, '0 vocabulary_version VOCABULARY_NEWER'],
    [
      'with a field nobody knows',
      { fields: { '7': { use: ['match'], basis: 'statute' } } },
      '0 fields.7 FIELD_UNKNOWN',
    ],
  ] as const)('%s', (_, changes, problem) => {
    expect(problems(build([signed(sampleAgreement(changes))]))).toEqual([problem]);
  });

  it('below a version seen before', () => {
    const built = build([signed(sample)], { seenVersions: new Map([[sample.id, 2]]) });
    expect(problems(built)).toEqual(['0 version VERSION_FELL']);
    expect(build([signed(sample)], { seenVersions: new Map([[sample.id, 1]]) }).refused).toEqual([]);
  });

  it('and its neighbours still do', () => {
    const neighbour = sampleAgreement({ id: 'second', purpose: 'other' });
    const built = build([{ bytes: text('{'), signatures: [] }, signed(neighbour)]);
    expect(Object.keys(built.data.agreements.sample ?? {})).toEqual(['other']);
    expect(built.refused[0]?.digest).toBe(agreementDigest(text('{')));
  });
});

describe('of two agreements for one purpose', () => {
  const second = sampleAgreement({ version: 2, demands: ['case_ref'] });

  it.each([
    ['older first', [sample, second], [0]],
    ['newer first', [second, sample], [1]],
  ])('the later version prevails, %s', (_, list, superseded) => {
    const built = build(list.map((agreement) => signed(agreement)));
    expect(built.data.agreements.sample?.sampling).toEqual(second);
    expect(built.superseded).toEqual(superseded);
    expect(built.refused).toEqual([]);
  });

  it('the same one stored twice counts once', () => {
    const built = build([signed(sample), signed(sample)]);
    expect([built.data.agreements.sample?.sampling, built.superseded]).toEqual([sample, [1]]);
  });

  it('two contents of one version: neither is loaded, until a later version settles it', () => {
    const other = sampleAgreement({ demands: ['case_ref'] });
    for (const list of [
      [sample, other],
      [other, sample],
    ]) {
      const built = build(list.map((agreement) => signed(agreement)));
      expect(built.data.agreements).toEqual({});
      expect(problems(built)).toEqual(['0 CONFLICT', '1 CONFLICT']);
    }
    for (const list of [
      [sample, other, second],
      [second, other, sample],
    ]) {
      const built = build(list.map((agreement) => signed(agreement)));
      expect(built.data.agreements.sample?.sampling).toEqual(second);
      expect([built.refused, built.superseded.length]).toEqual([[], 2]);
    }
  });

  it('two agreements by name: none is loaded, whatever their versions and order', () => {
    const other = sampleAgreement({ id: 'other-agreement', version: 9 });
    for (const list of [
      [sample, other],
      [other, sample],
      [sample, other, second],
      [second, sample, other],
    ]) {
      const built = build(list.map((agreement) => signed(agreement)));
      expect(built.data.agreements).toEqual({});
      expect(built.refused.map(({ problem }) => problem)).toEqual(list.map(() => 'CONFLICT'));
    }
  });
});

describe('an agency', () => {
  it.each([
    ['an unknown status', { legal_entity: 'LE-1', status: 'open' }],
    ['no legal entity', { legal_entity: '', status: 'active' }],
    ['a member too many', { legal_entity: 'LE-1', status: 'active', admin: true }],
    ['nothing', null],
  ])('with %s is left out, and its agreements with it', (_, agency) => {
    const built = build([signed(sample)], { agencies: { sample: agency as never } });
    expect(problems(built)).toEqual(['-1 AGENCY_WRONG', '0 agency AGENCY_UNKNOWN']);
    expect(built.data.agencies).toEqual({});
  });

  it('cannot be the prototype of all', () => {
    const odd = JSON.parse('{"__proto__":{"legal_entity":"LE-1","status":"active"}}') as typeof agencies;
    expect(problems(build([], { agencies: odd }))).toEqual(['-1 AGENCY_WRONG']);
  });
});

describe('of several versions', () => {
  const NOW = 1_800_000_000;
  const [one, two, three] = [
    sampleAgreement(),
    sampleAgreement({ version: 2, valid_from: NOW + 10 }),
    sampleAgreement({ version: 3, valid_from: NOW + 20, valid_to: NOW + 30 }),
  ];
  const all = [one, two, three].map((agreement) => signed(agreement));
  const versionOf = ({ agreements }: ReturnType<typeof build>['data']) => agreements.sample?.sampling?.version;

  it('the highest whose term has begun prevails, to the end of its term and after it', () => {
    const built = build(all, { now: NOW });
    expect([versionOf(built.data), built.refused, built.superseded]).toEqual([1, [], []]);
    expect(built.coming.map(({ version }) => version)).toEqual([2, 3]);
    expect([built.newest.get(sample.id), built.begins]).toEqual([3, [NOW + 10, NOW + 20]]);
    expect([NOW + 9, NOW + 10, NOW + 20, NOW + 40].map((now) => versionOf(built.at(now)))).toEqual([1, 2, 3, 3]);
    expect(build(all, { now: NOW + 40 }).superseded).toEqual([0, 1]);
  });

  it('a correction that begins at once takes the place of one that is to come', () => {
    const four = signed(sampleAgreement({ version: 4, valid_from: NOW }));
    const built = build([...all, four], { now: NOW });
    expect([versionOf(built.data), versionOf(built.at(NOW + 40)), built.coming]).toEqual([4, 4, []]);
  });

  it('the highest prevails where none has begun', () => {
    expect(versionOf(build(all.slice(1), { now: NOW }).data)).toBe(3);
  });

  it('one that fell keeps its place: nothing comes back in it, and what went before lasts until it would have begun', () => {
    const [first, second] = all;
    const fallen = { bytes: agreementBytes(two), signatures: [] };
    const fell = (index: number) => index === 1;
    if (first === undefined || second === undefined) throw new Error('none');
    const built = build([first, fallen], { now: NOW, fell });
    expect([versionOf(built.data), versionOf(built.at(NOW + 10))]).toEqual([1, undefined]);
    expect([problems(built), built.begins]).toEqual([['1 SIGNER_BARRED'], [NOW + 10]]);
    const after = build([first, fallen], { now: NOW + 10, fell });
    expect([versionOf(after.data), problems(after)]).toEqual([undefined, ['1 SIGNER_BARRED']]);
    const third = build([first, fallen, all[2] ?? second], { now: NOW + 20, fell });
    expect([versionOf(third.data), third.refused]).toEqual([3, []]);
    expect(problems(build([first, fallen], { now: NOW }))).toEqual(['1 NOT_SIGNED_BY_TWO']);
  });
});
