/** Puts facts into a sentence: `{name}`. */
export function fill(template: string, facts: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole));
}

/** A number of a person, as far as the person needs to know which: the last four digits. */
export function lastDigits(personalId: string): string {
  return `•••• •••• ${personalId.slice(-4)}`;
}
