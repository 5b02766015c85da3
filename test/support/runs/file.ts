/** The file of every run: mostly right rows, some wrong, some damaged, some unreadable, so that all kinds of verdicts and leaves come. */
import { crowdPerson, PEOPLE, printDate, type TestPerson } from '../gateway-people.ts';

const HEADER = 'row_id,msisdn,id_number,full_name,date_of_birth';

/** A date that goes with `k`: wrong rows that all said the same would be somebody looking for its number. */
export function someDate(k: number): string {
  return `${1931 + (k % 69)}-${String(1 + (k % 12)).padStart(2, '0')}-${String(1 + (k % 28)).padStart(2, '0')}`;
}

/** What row `n` says of its person: id, name, date. */
function cells(n: number, { id, name, born }: TestPerson): readonly [string | number, string, string] {
  const date = printDate(born);
  switch (n % 40) {
    case 3:
      // The same each time that the person comes: a wrong value counts once.
      return [id, 'Tên Khác Hẳn', someDate(id)];
    case 7:
      return [id, name.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, ''), date];
    case 11:
      return [999_999_000_000 + n, name, someDate(n)];
    case 13:
      return [PEOPLE.renumbered.before[0], PEOPLE.renumbered.name, '1990-02-15'];
    case 17:
      return [String(PEOPLE.sharesCard.cards[0]).padStart(9, '0'), PEOPLE.sharesCard.name, '1988-08-08'];
    case 19:
      return [PEOPLE.deceased.id, PEOPLE.deceased.name, '1950-06-12'];
    case 23:
      return ['ABC', name, date];
    case 29:
      return [id, name, date.slice(0, 4)];
    case 31:
      return [id, `"${name}, ""tổ 5"""`, date];
    default:
      return [id, name, date];
  }
}

/** `rows` records about the first `crowd` people of the crowd. */
export function subscribersFile(rows: number, crowd: number): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    const [id, name, date] = cells(n, crowdPerson(n % crowd));
    return `r${n},09${String(n).padStart(8, '0')},${id},${name},${date}`;
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}
