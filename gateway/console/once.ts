import { randomBytes } from 'node:crypto';

/** Answers to forms that were sent, by the forms' names. */
export type Answered = Map<string, Promise<Response>>;

/** As many as somebody can have open within a session, and more. */
const MOST = 200;
const NAME = /^[\w-]{22}$/;

/** Name of a form that does something, new each time that it is shown: what is sent under it is done once. */
export function newForm(): string {
  return randomBytes(16).toString('base64url');
}

/** The name that a form brings back; undefined where it is none. */
export function formIn(form: FormData): string | undefined {
  const name = String(form.get('form') ?? '');
  return NAME.test(name) ? name : undefined;
}

/** What a form was answered, or will be; undefined where it was not sent before. */
export async function answerTo(answered: Answered, name: string): Promise<Response | undefined> {
  return (await answered.get(name))?.clone();
}

/** Does the work for the first that comes with one of these names; whoever comes after waits for it and is given the same answer. */
export async function once(
  answered: Answered,
  names: readonly string[],
  work: () => Promise<Response>,
): Promise<Response> {
  const known = names.find((name) => answered.has(name));
  if (known !== undefined) return (await answerTo(answered, known)) ?? work();
  const answer = work();
  // A copy: the answer itself is read by whom it is for.
  const kept = answer.then((response) => response.clone());
  // Whoever waits is told of a failure; where nobody does it is the first one's alone.
  kept.catch(() => undefined);
  for (const name of names) answered.set(name, kept);
  for (const name of answered.keys()) {
    if (answered.size <= MOST) break;
    answered.delete(name);
  }
  return answer;
}
