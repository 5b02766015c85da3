/**
 * One person of the synthetic population, as a pure function of (seed, index): who they are, who their parents, spouse and
 * household are, which numbers they have and had.
 */
import { type AddressCatalogue, addressDetail } from './addresses.ts';
import { bornOf } from './births.ts';
import { formerIdKind, lifeOf, oldNumberCount } from './fate.ts';
import { BLOCK, type Place, type Position, positionsOf } from './households.ts';
import { choice, familyName, fullName, type Sex } from './names.ts';
import { PEOPLES } from './names-ethnic-data.ts';
import { birthProvince, createNumbers, drawWithinMillion, MAX_PERSONS } from './numbers.ts';
import type { KnownDate, SyntheticPerson, Traits } from './person.ts';
import { PROVINCES } from './provinces.ts';
import { chance, draw, seedOf } from './random.ts';
import { bloodType, maritalStatus, religion } from './traits.ts';
import { USE } from './uses.ts';

/** What of a person others of the family depend on. */
interface Core {
  readonly position: Position;
  readonly first: number;
  readonly sex: Sex;
  readonly born: KnownDate;
  readonly ethnicity: string;
  readonly family: string;
}

const SHARED_NUMBER_SHARE = 0.0004;
const LAST_YEAR_WITH_MOBILE = 2012;
const MIGRATION_SHARE = 0.17;
/** Where households move to: Hà Nội, Đà Nẵng, Bình Dương, Đồng Nai, TP. Hồ Chí Minh (more often). */
const MAGNETS = ['001', '048', '074', '074', '075', '079', '079', '079', '001'].map((code) =>
  PROVINCES.findIndex((province) => province.code === code),
);
/** Children whose father is not of the household and who carry his family name all the same. */
const ABSENT_FATHER_SHARE = 0.85;

export interface People {
  /** The person at an index in [0, MAX_PERSONS); equal at every call. */
  readonly personAt: (index: number) => SyntheticPerson;
  /** Name only, for relatives: cheaper than the person. */
  readonly nameAt: (index: number) => string;
  readonly hasFormerId: (index: number) => boolean;
  /** The register's wider items of a person. */
  readonly traitsOf: (person: SyntheticPerson) => Traits;
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

  function lineage(place: Place, index: number, first: number, kin: (place: number | undefined) => Core | undefined) {
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
    const his = chance(absent, ABSENT_FATHER_SHARE)
      ? familyName(ethnicity, draw(seed, first, USE.absentFather))
      : undefined;
    return { ethnicity, family: his ?? mother?.family ?? familyName(ethnicity, drawn) };
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
    const born = bornOf(seed, place, index, kin);
    const { ethnicity, family } = lineage(place, index, first, kin);
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
    const count = oldNumberCount(seed, index, year);
    const list: string[] = [];
    for (let n = 0; n < count; n++) list.push(numbers.cmnd(index, n));
    // Two offices once gave the same number twice: this person also has the first number of someone a few places back.
    if (count > 0 && index > BLOCK && chance(draw(seed, index, USE.sharedNumber), SHARED_NUMBER_SHARE)) {
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

  function personAt(index: number): SyntheticPerson {
    const slot = enter(index);
    const core = coreOf(slot);
    const { born, sex, first, position } = core;
    const province = provinceOf(slot);
    const life = lifeOf(seed, index, born.year);
    const kind = formerIdKind(seed, index);
    // Half of the former numbers were given up because the year in them was wrong.
    const formerYear = born.year - (chance(draw(seed, index, USE.formerYear), 0.5) ? 1 : 0);
    const at = (place: number | undefined) => (place === undefined ? undefined : first + place);
    const { relation, father, mother, spouse } = position.place;
    const reachable =
      life === 'alive' && born.year <= LAST_YEAR_WITH_MOBILE && chance(draw(seed, index, USE.reachable), 0.86);
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
      const widowed = person.spouse !== undefined && lifeOf(seed, person.spouse, spouseYear) === 'deceased';
      const { first } = person.household;
      return {
        religion: religion(person.ethnicity, PROVINCES[person.province]!.south, draw(seed, first, USE.religion)),
        bloodType: bloodType(draw(seed, person.index, USE.blood)),
        maritalStatus: maritalStatus(person, widowed, draw(seed, person.index, USE.marriage)),
        fatherName: nameOrNone(person.father),
        motherName: nameOrNone(person.mother),
        spouseName: nameOrNone(person.spouse),
        headName: nameAt(first),
      };
    },
  };
}
