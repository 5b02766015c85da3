/** Comma-separated whole numbers, as one text of a column, without making a string of each. */
export function readNumbers(text: string): Float64Array {
  let count = text === '' ? 0 : 1;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 44) count++;
  const out = new Float64Array(count);
  let value = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 44) {
      out[at++] = value;
      value = 0;
    } else value = value * 10 + (code - 48);
  }
  if (count > 0) out[at] = value;
  return out;
}
