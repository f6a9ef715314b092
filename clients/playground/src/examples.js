const documents = import.meta.glob('../../examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob('../../examples/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The example documents, in the order of their file names, with what their opening comments say. */
export const examples = Object.keys(documents)
  .sort()
  .map((path) => {
    const query = documents[path];
    const opening = query
      .replace(/^# as: .*\n/, '')
      .match(/^(#.*\n)+/)[0]
      .replaceAll(/[#\s]+/g, ' ')
      .trim();
    const [audience, question] = opening.split(/: (.*)/);
    return {
      operationName: query.match(/^(?:query|mutation|subscription) (\w+)/m)[1],
      viewer: viewerOf(query),
      audience,
      question,
      query,
      variables: variables[path.replace(/\.graphql$/, '.variables.json')] ?? null,
    };
  });

/** Whom a document says, in its first line, that it is for; nothing where it is for everyone. */
export function viewerOf(query = '') {
  return query?.match(/^# as: (\S+)/)?.[1];
}
