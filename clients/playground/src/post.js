/** Posts an operation to the server that served the page, and gives back what it answered, errors included. */
export async function post(operation, headers = {}) {
  const all = new Headers({
    'Content-Type': 'application/json',
    Accept: 'application/graphql-response+json, application/json',
  });
  new Headers(headers).forEach((value, name) => all.set(name, value));
  const response = await fetch('/graphql', { method: 'POST', headers: all, body: JSON.stringify(operation) });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 500)}`);
  }
}
