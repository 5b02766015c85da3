import { type DescMessage, getOption, hasOption } from '@bufbuild/protobuf';
import { FieldClass, type FieldOwner, type FieldSubject, field } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import { PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';

/** Rises when a leaf is added; ids are never re-used. Stored beside field ids wherever they are kept. */
export const VOCABULARY_VERSION = 1;

/** Largest id that the vocabulary may ever give out, as `field.proto` says: the register keeps a field's id in one byte. */
const MAX_FIELD_ID = 255;

/** One leaf of the vocabulary. */
export interface VocabularyField {
  /** For ever, 1…255. */
  readonly id: number;
  /** Path from Person, proto names joined by dots. Example: `permanent_address.province`. */
  readonly path: string;
  readonly class: FieldClass;
  readonly owner: FieldOwner;
  readonly subject: FieldSubject;
}

export interface Vocabulary {
  /** All leaves, ascending by id. */
  readonly fields: readonly VocabularyField[];
  readonly byId: ReadonlyMap<number, VocabularyField>;
  readonly byPath: ReadonlyMap<string, VocabularyField>;
  /** Ids of the leaves below a group's path (`permanent_address`), ascending; leaves are not in here. */
  readonly groups: ReadonlyMap<string, readonly number[]>;
}

/**
 * Reads the leaves out of a message type's options `(lienthong.person.v1.field)`: a field with the option is a leaf, whatever
 * its type; a message field without it is a group and is looked into. A repeated group is a group too: a mask names the
 * values of all its items or of none.
 *
 * Throws where the options contradict themselves (an id twice, a scalar without an option, a fact not stated, a type that
 * contains itself), because every later answer would be built on that.
 */
export function readVocabulary(person: DescMessage): Vocabulary {
  const leaves: VocabularyField[] = [];
  const groups = new Map<string, number[]>();
  collect(person, [], new Set(), leaves, groups);
  leaves.sort((a, b) => a.id - b.id);
  const byId = new Map(leaves.map((leaf) => [leaf.id, leaf]));
  if (byId.size !== leaves.length) throw new Error('vocabulary: an id is given twice');
  for (const ids of groups.values()) ids.sort((a, b) => a - b);
  return { fields: leaves, byId, byPath: new Map(leaves.map((leaf) => [leaf.path, leaf])), groups };
}

function collect(
  message: DescMessage,
  above: readonly string[],
  open: Set<string>,
  leaves: VocabularyField[],
  groups: Map<string, number[]>,
): number[] {
  if (open.has(message.typeName)) throw new Error(`vocabulary: ${message.typeName} contains itself`);
  open.add(message.typeName);
  const found: number[] = [];
  for (const member of message.fields) {
    const names = [...above, member.name];
    const path = names.join('.');
    if (hasOption(member, field)) {
      const facts = getOption(member, field);
      if (facts.id < 1 || facts.id > MAX_FIELD_ID)
        throw new Error(`vocabulary: ${path} has no id from 1 to ${MAX_FIELD_ID}`);
      if (facts.class === 0 || facts.owner === 0 || facts.subject === 0)
        throw new Error(`vocabulary: ${path} lacks a fact`);
      leaves.push({ id: facts.id, path, class: facts.class, owner: facts.owner, subject: facts.subject });
      found.push(facts.id);
    } else if (member.message !== undefined && member.fieldKind !== 'map') {
      const below = collect(member.message, names, open, leaves, groups);
      groups.set(path, below);
      found.push(...below);
    } else {
      throw new Error(`vocabulary: ${path} is neither a leaf nor a group`);
    }
  }
  open.delete(message.typeName);
  return found;
}

/** The vocabulary of this build. */
export const VOCABULARY: Vocabulary = readVocabulary(PersonSchema);

/** Path of a leaf id. Throws for an id that this vocabulary does not have: ids come from our own stores, never from callers. */
export function pathOf(id: number): string {
  const found = VOCABULARY.byId.get(id);
  if (found === undefined) throw new Error(`no field has the id ${id}`);
  return found.path;
}

/** Whether a leaf is of the class that the law calls sensitive; so is, to be safe, whatever this vocabulary does not have. */
export function isSensitive(id: number): boolean {
  return VOCABULARY.byId.get(id)?.class !== FieldClass.BASIC;
}

/** Id of a leaf path, undefined where no leaf has that path (also for a group). */
export function idOf(path: string): number | undefined {
  return VOCABULARY.byPath.get(path)?.id;
}
