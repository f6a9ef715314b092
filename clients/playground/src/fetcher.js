/** Posts an operation to the server that served the page, and gives back what it answered, errors included. */
export async function fetcher(operation, { headers } = {}) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify({ ...operation, operationName: knownName(operation) }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 500)}`);
  }
}

/** The editor learns the name a moment after the document: just after a change of tabs it is the old tab's. */
function knownName({ query, operationName }) {
  return operationName && query.includes(operationName) ? operationName : undefined;
}
