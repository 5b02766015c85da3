/** Splits a migration into its statements, for those that must run one by one and for saying what each does. */

/** What a semicolon may stand in without ending a statement; comments come out as a space. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|(?<![A-Za-z0-9_$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![A-Za-z0-9_])\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|;|[^;]/g;

/** The statements of a file in order, without comments and final semicolons; strings and bodies of functions as they are. */
export function splitStatements(sql: string): string[] {
  const statements = [''];
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else statements[statements.length - 1] += /^(--|\/\*)/.test(token) ? ' ' : token;
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}

/** What the file's own first comment says it is for, in one line; empty where it says nothing. */
export function leadingComment(sql: string): string {
  const lines: string[] = [];
  for (const line of sql.split('\n')) {
    if (!line.startsWith('--')) break;
    lines.push(line.slice(2).trim());
  }
  return lines.join(' ').trim();
}
