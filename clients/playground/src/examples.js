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
      .match(/^(#.*\n)+/)[0]
      .replaceAll(/[#\s]+/g, ' ')
      .trim();
    const [audience, question] = opening.split(/: (.*)/);
    return {
      operationName: query.match(/^query (\w+)/m)[1],
      audience,
      question,
      query,
      variables: variables[path.replace(/\.graphql$/, '.variables.json')] ?? null,
    };
  });
