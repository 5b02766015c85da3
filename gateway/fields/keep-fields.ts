import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { type ReflectList, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { type Person, PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';
import { type FieldSet, fieldSet } from './field-set.ts';
import { idOf } from './vocabulary.ts';

/**
 * A new person with only these fields: an allow-list, built up from nothing, so that a member which a later register adds
 * cannot slip through. Groups left without any field are absent. Unknown wire fields of the person and its groups are not carried over; leaf values are shared with the source, not cloned.
 */
export function keepFields(person: Person, fields: FieldSet): Person {
  const allowed = new Set(fields);
  const from = reflect(PersonSchema, person);
  const to = reflect(PersonSchema);
  copy(from, to, '', allowed);
  return to.message as Person;
}

/** The fields that are set in a person, nested groups included. */
export function presentFields(person: Person): FieldSet {
  const ids: number[] = [];
  visit(reflect(PersonSchema, person), '', (id) => ids.push(id));
  return fieldSet(ids);
}

function copy(from: ReflectMessage, to: ReflectMessage, above: string, allowed: ReadonlySet<number>): boolean {
  let kept = false;
  for (const member of from.fields) {
    if (!from.isSet(member)) continue;
    const path = above + member.name;
    const id = idOf(path);
    if (id !== undefined) {
      if (!allowed.has(id)) continue;
      to.set(member, from.get(member));
      kept = true;
    } else if (member.fieldKind === 'message') {
      const inner = reflect(member.message);
      if (copy(from.get(member), inner, `${path}.`, allowed)) {
        to.set(member, inner);
        kept = true;
      }
    } else if (member.fieldKind === 'list' && member.listKind === 'message') {
      kept = copyList(from.get(member), to, member, `${path}.`, allowed) || kept;
    }
  }
  return kept;
}

/** Items keep their number and order where anything of the group is allowed: how many there are is part of the fact. */
function copyList(
  items: ReflectList,
  to: ReflectMessage,
  member: DescField & { fieldKind: 'list'; listKind: 'message'; message: DescMessage },
  above: string,
  allowed: ReadonlySet<number>,
): boolean {
  const copies: ReflectMessage[] = [];
  let kept = false;
  for (const item of items) {
    const inner = reflect(member.message);
    kept = copy(item as ReflectMessage, inner, above, allowed) || kept;
    copies.push(inner);
  }
  if (!kept) return false;
  const list = to.get(member);
  for (const item of copies) list.add(item);
  return true;
}

function visit(message: ReflectMessage, above: string, see: (id: number) => void): void {
  for (const member of message.fields) {
    if (!message.isSet(member)) continue;
    const path = above + member.name;
    const id = idOf(path);
    if (id !== undefined) see(id);
    else if (member.fieldKind === 'message') visit(message.get(member), `${path}.`, see);
    else if (member.fieldKind === 'list' && member.listKind === 'message') {
      for (const item of message.get(member)) visit(item as ReflectMessage, `${path}.`, see);
    }
  }
}
