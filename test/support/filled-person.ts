import { create, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { type Person, PersonSchema } from '../../proto/gen/lienthong/person/v1/person_pb.js';

/** A person of whom every field of the vocabulary is set, lists with two items. */
export function filledPerson(): Person {
  return filled(PersonSchema) as Person;
}

function filled(schema: DescMessage): Message {
  const message = create(schema) as Message & Record<string, unknown>;
  for (const field of schema.fields) {
    const value = setValue(field);
    message[field.localName] = field.fieldKind === 'list' ? [value, value] : value;
  }
  return message;
}

function setValue(field: DescField): unknown {
  if (field.message !== undefined) return filled(field.message);
  if (field.enum !== undefined) return 1;
  return field.scalar === 9 ? `value of ${field.name}` : field.scalar === 13 ? 1985 : true;
}
