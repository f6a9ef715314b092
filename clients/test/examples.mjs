import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../examples/', import.meta.url);

/** The example documents in the order in which the playground shows them. */
export function readExamples() {
  const files = readdirSync(folder).sort();
  return files
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const name = file.replace(/\.graphql$/, '');
      const variables = `${name}.variables.json`;
      const query = readFileSync(new URL(file, folder), 'utf8');
      return {
        name,
        operationName: operationNameOf(name),
        kind: query.match(/^(query|mutation|subscription) /m)?.[1],
        // Who it is for, as its first line says; nothing where it is for everyone.
        viewer: query.match(/^# as: (\S+)\n/)?.[1],
        query,
        variables: files.includes(variables) ? JSON.parse(readFileSync(new URL(variables, folder), 'utf8')) : {},
      };
    });
}

/** The operation that a file holds, which is also what its tab is called: `01-is-it-over` has `IsItOver`. */
function operationNameOf(file) {
  return file
    .replace(/^\d+-/, '')
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
}
