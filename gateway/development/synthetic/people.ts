/**
 * One person of the synthetic population, as a pure function of (seed, index): who they are, who their parents, spouse and
 * household are, which numbers they have and had.
 */
import { type AddressCatalogue, addressDetail, type Commune } from './addresses.ts';
import {
  BLOCK,
  FIRST_CHILD_AGE,
  OLDEST_YEAR,
  type Place,
  type Position,
  positionsOf,
  SIBLING_GAP,
  WIFE_OLDER,
  WIFE_YOUNGER,
} from './households.ts';
import { choice, familyName, fullName, type Sex } from './names.ts';
import { PEOPLES } from './names-ethnic-data.ts';
import { birthProvince, createNumbers, drawWithinMillion, MAX_CMND, MAX_PERSONS } from './numbers.ts';
import { PROVINCES } from './provinces.ts';
import { below, chance, draw, seedOf } from './random.ts';
import { bloodType, maritalStatus, religion } from './traits.ts';

export type LifeState = 'alive' | 'deceased' | 'missing';

/** A date as the register knows it: month and day 0 where unknown. */
export interface KnownDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export type FormerIdKind = 'superseded' | 'cancelled' | 'cancelled_alone';

export interface SyntheticPerson {
  readonly index: number;
  readonly personalId: string;
  readonly fullName: string;
  readonly born: KnownDate;
  readonly sex: Sex;
  /** Index into PROVINCES. */
  readonly province: number;
  readonly ethnicity: string;
  readonly life: LifeState;
  /** Nine digits each, the oldest first. */
  readonly oldNumbers: readonly string[];
  /** An ID that is no longer current, if the person had one. */
  readonly formerId: { readonly value: string; readonly kind: FormerIdKind } | undefined;
  /** Ten digits with the leading 0; empty for children and the dead. */
  readonly mobile: string;
  /** `text` is the whole address as written: detail, commune, province. */
  readonly address: { readonly detail: string; readonly commune: Commune; readonly text: string };
  readonly relation: Place['relation'];
  readonly household: { readonly first: number; readonly size: number };
  /** Indices of the family within the household; undefined where not of the household. */
  readonly father: number | undefined;
  readonly mother: number | undefined;
  readonly spouse: number | undefined;
}

/** What of a person others of the family depend on. */
interface Core {
  readonly position: Position;
  readonly first: number;
  readonly sex: Sex;
  readonly born: KnownDate;
  readonly ethnicity: string;
  readonly family: string;
}

const USE = {
  sex: 2,
  year: 3,
  month: 4,
  day: 5,
  precision: 6,
  newYear: 7,
  twin: 8,
  people: 9,
  marriedIn: 10,
  family: 11,
  lineage: 12,
  doubleFamily: 13,
  namesake: 14,
  home: 15,
  ownHome: 16,
  movedHome: 17,
  life: 18,
  oldNumbers: 19,
  sharedNumber: 20,
  former: 21,
  formerYear: 22,
  mobile: 23,
  migration: 24,
  magnet: 25,
  commune: 26,
  house: 27,
} as const;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const daysOf = (year: number, month: number): number => (month === 2 && year % 4 === 0 ? 29 : DAYS[month - 1]!);

/** Share of births of a year of which only the year, or year and month, are known; and those entered as 1 January. */
const yearOnlyShare = (year: number): number => (year < 1955 ? 0.16 : year < 1970 ? 0.04 : year < 1990 ? 0.003 : 0);
const monthOnlyShare = (year: number): number => (year < 1955 ? 0.03 : year < 1970 ? 0.01 : 0);
const newYearShare = (year: number): number => (year < 1970 ? 0.07 : year < 1995 ? 0.012 : 0);

const deceasedShare = (year: number): number =>
  year < 1930 ? 0.75 : year < 1940 ? 0.42 : year < 1950 ? 0.17 : year < 1960 ? 0.06 : year < 1975 ? 0.022 : 0.004;

const MISSING_SHARE = 0.0006;
const LAST_YEAR_WITH_CMND = 2001;
const SHARED_NUMBER_SHARE = 0.0004;
const LAST_YEAR_WITH_MOBILE = 2012;
const FORMER_SHARES = { superseded: 0.008, cancelled: 0.0012, cancelled_alone: 0.0002 } as const;
const MIGRATION_SHARE = 0.17;
/** Where households move to: Hà Nội, Đà Nẵng, Bình Dương, Đồng Nai, TP. Hồ Chí Minh (more often). */
const MAGNETS = ['001', '048', '074', '074', '075', '079', '079', '079', '001'].map((code) =>
  PROVINCES.findIndex((province) => province.code === code),
);

/** Whether, and how, a person had another ID; known without making the person. */
export function formerIdKind(seed: number, index: number): FormerIdKind | undefined {
  let share = draw(seed, index, USE.former) / 0x1_0000_0000;
  for (const kind of ['superseded', 'cancelled', 'cancelled_alone'] as const) {
    if (share < FORMER_SHARES[kind]) return kind;
    share -= FORMER_SHARES[kind];
  }
  return undefined;
}

export interface People {
  /** The person at an index in [0, MAX_PERSONS); equal at every call. */
  readonly personAt: (index: number) => SyntheticPerson;
  /** Name only, for relatives: cheaper than the person. */
  readonly nameAt: (index: number) => string;
  readonly hasFormerId: (index: number) => boolean;
  /** The register's wider items of a person. */
  readonly traitsOf: (person: SyntheticPerson) => Traits;
}

export interface Traits {
  readonly religion: string;
  readonly bloodType: string;
  readonly maritalStatus: string;
  readonly fatherName: string;
  readonly motherName: string;
  readonly spouseName: string;
  readonly headName: string;
}

/** Keeps only the block last asked for: people in order cost one block at a time, and memory does not grow. */
export function createPeople(options: { seed: number; addresses: AddressCatalogue }): People {
  const seed = seedOf(options.seed);
  const { addresses } = options;
  const numbers = createNumbers(seed);
  let block = -1;
  let positions: readonly Position[] = [];
  const cores = new Array<Core | undefined>(BLOCK).fill(undefined);
  const names = new Array<string | undefined>(BLOCK).fill(undefined);
  const homes = new Array<SyntheticPerson['address'] | undefined>(BLOCK).fill(undefined);

  function enter(index: number): number {
    if (!(Number.isInteger(index) && index >= 0 && index < MAX_PERSONS)) {
      throw new RangeError(`a person's index lies in 0..${MAX_PERSONS - 1}`);
    }
    const wanted = Math.floor(index / BLOCK);
    if (wanted !== block) {
      block = wanted;
      positions = positionsOf(seed, block);
      cores.fill(undefined);
      names.fill(undefined);
      homes.fill(undefined);
    }
    return index - block * BLOCK;
  }

  /** Birth province of anyone of the block; every draw depends on the index within its million only (`numbers.ts`). */
  function provinceOf(slot: number): number {
    const index = block * BLOCK + slot;
    const { first, place } = positions[slot]!;
    const movedShare = place.relation === 'spouse' || place.relation === 'child_in_law' ? 0.3 : 0.04;
    const own = slot !== first && chance(drawWithinMillion(seed, index, USE.movedHome), movedShare);
    const home = own
      ? drawWithinMillion(seed, index, USE.ownHome)
      : drawWithinMillion(seed, block * BLOCK + first, USE.home);
    return birthProvince(home, index);
  }

  function yearOf(place: Place, index: number, kin: (place: number | undefined) => Core | undefined): number {
    const bits = draw(seed, index, USE.year);
    const elder = kin(place.elder);
    if (elder !== undefined) return elder.born.year + SIBLING_GAP[0] + below(bits, SIBLING_GAP[1] - SIBLING_GAP[0] + 1);
    const mother = kin(place.mother);
    if (mother !== undefined) {
      const greatest = Math.min(FIRST_CHILD_AGE[1], (place.latest ?? Number.POSITIVE_INFINITY) - mother.born.year);
      // Two draws of the range averaged: most first children come in the middle of it.
      const spread = greatest - FIRST_CHILD_AGE[0] + 1;
      return mother.born.year + FIRST_CHILD_AGE[0] + ((below(bits, spread) + (bits % spread)) >> 1);
    }
    if (place.born !== undefined) {
      const [earliest, latest] = place.born;
      const share = bits / 0x1_0000_0000;
      // Fewer people are left of the earlier years.
      return Math.max(OLDEST_YEAR, earliest + Math.floor((latest - earliest + 1) * share ** 0.75));
    }
    const husband = kin(place.spouse);
    return (husband?.born.year ?? 1980) - WIFE_OLDER + below(bits, WIFE_OLDER + WIFE_YOUNGER + 1);
  }

  function bornOf(place: Place, index: number, kin: (place: number | undefined) => Core | undefined): KnownDate {
    const elder = kin(place.elder);
    if (elder !== undefined && chance(draw(seed, index, USE.twin), 0.012)) return elder.born;
    const year = yearOf(place, index, kin);
    const precision = draw(seed, index, USE.precision) / 0x1_0000_0000;
    if (precision < yearOnlyShare(year)) return { year, month: 0, day: 0 };
    const month = 1 + below(draw(seed, index, USE.month), 12);
    if (precision < yearOnlyShare(year) + monthOnlyShare(year)) return { year, month, day: 0 };
    if (chance(draw(seed, index, USE.newYear), newYearShare(year))) return { year, month: 1, day: 1 };
    return { year, month, day: 1 + below(draw(seed, index, USE.day), daysOf(year, month)) };
  }

  function lineage(
    place: Place,
    index: number,
    first: number,
    sex: Sex,
    kin: (place: number | undefined) => Core | undefined,
  ) {
    const father = kin(place.father);
    const mother = kin(place.mother);
    const drawn = draw(seed, index, USE.family);
    if (father === undefined && mother === undefined) {
      const household = PROVINCES[provinceOf(first - block * BLOCK)]!.peoples.pick(draw(seed, first, USE.people));
      const other = place.born === undefined && chance(draw(seed, index, USE.marriedIn), 0.1);
      const ethnicity = other ? 'Kinh' : household;
      return { ethnicity, family: familyName(ethnicity, drawn) };
    }
    const ethnicity = father?.ethnicity ?? mother?.ethnicity ?? 'Kinh';
    const maternal = PEOPLES[ethnicity]?.matrilineal === true || chance(draw(seed, index, USE.lineage), 0.03);
    if (maternal && mother?.ethnicity === ethnicity) return { ethnicity, family: mother.family };
    if (father !== undefined) return { ethnicity, family: father.family };
    // The father is not of the household: his family name, the same for all his children, or the mother's.
    const absent = draw(seed, first, USE.lineage);
    const family =
      sex === 'M' || chance(absent, 0.7) ? familyName(ethnicity, Math.imul(absent, 0x85ebca6b) >>> 0) : undefined;
    return { ethnicity, family: family ?? mother?.family ?? familyName(ethnicity, drawn) };
  }

  function coreOf(slot: number): Core {
    const known = cores[slot];
    if (known !== undefined) return known;
    const index = block * BLOCK + slot;
    const position = positions[slot]!;
    const { place } = position;
    const first = block * BLOCK + position.first;
    const kin = (of: number | undefined): Core | undefined =>
      of === undefined ? undefined : coreOf(position.first + of);
    const sex = place.sex ?? (chance(draw(seed, index, USE.sex), 0.515) ? 'M' : 'F');
    const born = bornOf(place, index, kin);
    const { ethnicity, family } = lineage(place, index, first, sex, kin);
    const core: Core = { position, first, sex, born, ethnicity, family };
    cores[slot] = core;
    return core;
  }

  function nameOf(slot: number): string {
    const known = names[slot];
    if (known !== undefined) return known;
    const index = block * BLOCK + slot;
    const core = coreOf(slot);
    const { father, mother } = core.position.place;
    const at = core.position.first;
    let name: string | undefined;
    if (father !== undefined && core.sex === 'M' && chance(draw(seed, index, USE.namesake), 0.003)) {
      name = nameOf(at + father);
    } else {
      const motherFamily = mother === undefined ? '' : coreOf(at + mother).family;
      const doubled =
        core.ethnicity === 'Kinh' &&
        core.born.year >= 1985 &&
        motherFamily !== core.family &&
        !motherFamily.includes(' ') &&
        chance(draw(seed, index, USE.doubleFamily), 0.05);
      name = fullName(
        {
          ethnicity: core.ethnicity,
          sex: core.sex,
          year: core.born.year,
          family: core.family,
          second: doubled ? motherFamily : '',
        },
        seed,
        index,
      );
    }
    names[slot] = name;
    return name;
  }

  function oldNumbersOf(index: number, year: number): readonly string[] {
    if (year > LAST_YEAR_WITH_CMND) return [];
    const share = draw(seed, index, USE.oldNumbers) / 0x1_0000_0000;
    const count = share < 0.02 ? MAX_CMND : share < 0.13 ? 2 : share < 0.88 ? 1 : 0;
    const list: string[] = [];
    for (let n = 0; n < count; n++) list.push(numbers.cmnd(index, n));
    // Two offices once gave the same number twice: this person also has the first number of someone a few places back.
    if (index > BLOCK && chance(draw(seed, index, USE.sharedNumber), SHARED_NUMBER_SHARE)) {
      list.push(numbers.cmnd(index - 1 - (index % BLOCK), 0));
    }
    return list;
  }

  /** One address a household. */
  function addressOf(first: number): SyntheticPerson['address'] {
    const slot = first - block * BLOCK;
    const known = homes[slot];
    if (known !== undefined) return known;
    const moved = chance(draw(seed, first, USE.migration), MIGRATION_SHARE);
    const province = moved ? choice(MAGNETS, draw(seed, first, USE.magnet)) : provinceOf(slot);
    const commune = choice(addresses.byFormerProvince[province]!, draw(seed, first, USE.commune));
    const detail = addressDetail(commune, draw(seed, first, USE.house));
    const address = { commune, detail, text: `${detail}, ${commune.wardName}, ${commune.provinceName}` };
    homes[slot] = address;
    return address;
  }

  function lifeOf(index: number, year: number): LifeState {
    const share = draw(seed, index, USE.life) / 0x1_0000_0000;
    const deceased = deceasedShare(year);
    return share < deceased ? 'deceased' : share < deceased + MISSING_SHARE ? 'missing' : 'alive';
  }

  function personAt(index: number): SyntheticPerson {
    const slot = enter(index);
    const core = coreOf(slot);
    const { born, sex, first, position } = core;
    const province = provinceOf(slot);
    const life = lifeOf(index, born.year);
    const kind = formerIdKind(seed, index);
    // Half of the former numbers were given up because the year in them was wrong.
    const formerYear = born.year - (chance(draw(seed, index, USE.formerYear), 0.5) ? 1 : 0);
    const at = (place: number | undefined) => (place === undefined ? undefined : first + place);
    const { relation, father, mother, spouse } = position.place;
    const reachable =
      life === 'alive' && born.year <= LAST_YEAR_WITH_MOBILE && chance(draw(seed, index, USE.mobile), 0.86);
    return {
      index,
      personalId: numbers.personalId(index, province, born.year, sex),
      fullName: nameOf(slot),
      born,
      sex,
      province,
      ethnicity: core.ethnicity,
      life,
      oldNumbers: oldNumbersOf(index, born.year),
      formerId: kind === undefined ? undefined : { value: numbers.formerId(index, province, formerYear, sex), kind },
      mobile: reachable ? numbers.mobile(index) : '',
      address: addressOf(first),
      relation,
      household: { first, size: position.size },
      father: at(father),
      mother: at(mother),
      spouse: at(spouse),
    };
  }

  const nameAt = (index: number): string => nameOf(enter(index));
  const nameOrNone = (index: number | undefined): string => (index === undefined ? '' : nameAt(index));

  return {
    personAt,
    nameAt,
    hasFormerId: (index) => formerIdKind(seed, index) !== undefined,
    traitsOf: (person) => {
      const slot = enter(person.index);
      const spouseSlot = person.spouse === undefined ? undefined : slot + person.spouse - person.index;
      const spouseYear = spouseSlot === undefined ? 0 : coreOf(spouseSlot).born.year;
      const widowed = person.spouse !== undefined && lifeOf(person.spouse, spouseYear) === 'deceased';
      const { first } = person.household;
      return {
        religion: religion(person.ethnicity, PROVINCES[person.province]!.south, draw(seed, first, 30)),
        bloodType: bloodType(draw(seed, person.index, 31)),
        maritalStatus: maritalStatus(person, widowed, draw(seed, person.index, 32)),
        fatherName: nameOrNone(person.father),
        motherName: nameOrNone(person.mother),
        spouseName: nameOrNone(person.spouse),
        headName: nameAt(first),
      };
    },
  };
}
