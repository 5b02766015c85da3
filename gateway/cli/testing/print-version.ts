/** Says which Node runs it. */
const version: string = process.versions.node;
process.stdout.write(`${version}\n`);
