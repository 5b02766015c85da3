import { FieldClass, FieldOwner, FieldSubject } from '../../proto/gen/lienthong/person/v1/field_pb.js';
import { VOCABULARY, VOCABULARY_VERSION } from './vocabulary.ts';

/** The table of `gateway/docs/design/fields.md`, Markdown. A test keeps page and vocabulary the same. */
export function fieldsTable(): string {
  const rows = VOCABULARY.fields.map((field) => {
    const facts = [FieldClass[field.class], FieldOwner[field.owner], FieldSubject[field.subject]];
    return `| ${field.id} | \`${field.path}\` | ${facts.map((fact) => words(fact ?? '')).join(' | ')} |`;
  });
  return [
    `Vocabulary version ${VOCABULARY_VERSION}.`,
    '',
    '| Id | Path | Class | Owner | Whose |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
