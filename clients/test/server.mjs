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

/** Posts one operation, with the token if there is one, and gives back the answer with its status and headers. */
export async function post(url, operation, token) {
  const response = await patientFetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(operation),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Posts one operation, with the token if there is one, and gives back what it answers. */
export async function ask(url, operation, token) {
  const { body } = await post(url, operation, token);
  return body;
}

/** A token for a user of a server in development mode. */
export async function tokenOf(url, user, ttlSeconds = 600) {
  const response = await patientFetch(new URL('/dev/token', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, ttlSeconds }),
  });
  if (!response.ok) throw new Error(`no token for ${user}: ${response.status} ${await response.text()}`);
  return (await response.json()).token;
}
