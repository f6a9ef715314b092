/** Whether the server is in development mode, which it writes into the page. */
export const isDevelopment = document.querySelector('meta[name=development]')?.content === 'yes';

const patienceMs = 10_000;

/** The users that one can ask as in development mode, each with its name, role and scopes. */
export async function readUsers() {
  const { users } = await request('/dev/users', {});
  return users;
}

/** A token for the user, with when it ends. */
export async function newToken(user) {
  const { token, expiresAt } = await request('/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  return { token, expiresAt: Date.parse(expiresAt) };
}

async function request(path, options) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`The server answered ${response.status} to ${path}`);
  return response.json();
}
