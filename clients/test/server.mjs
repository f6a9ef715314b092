const patienceMs = 15_000;

/** The setting of that name; a test that needs a running server fails without it, rather than being skipped. */
export function setting(name, example) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: give the running server, as in ${name}=${example}`);
  }
  return value;
}

/** Like fetch, but it gives up. */
export function patientFetch(url, options) {
  return fetch(url, { ...options, signal: AbortSignal.timeout(patienceMs) });
}

/** Posts one operation and gives back the whole answer. */
export async function ask(url, operation) {
  const response = await patientFetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify(operation),
  });
  return response.json();
}
