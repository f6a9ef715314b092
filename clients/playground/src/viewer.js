import { isDevelopment, newToken, readUsers } from './development.js';
import { post } from './post.js';

const storageKey = 'stackyard:viewer';

/** A token that is good for less than this is replaced. */
const renewalMs = 60_000;

const whoIsAsking = '{ viewer { user { name } scopes organizations(first: 100) { nodes { slug viewerRole } } } }';

/**
 * Who asks: `users` are those to choose from, `user` is the one who was chosen, empty for nobody, and `profile` is
 * what the server says of them.
 */
let state = { users: [], user: '', profile: null, problem: null };
let token; // of state.user, as a promise; kept nowhere else
const listeners = new Set();
const ready = isDevelopment ? load() : undefined;

/** Calls back after each change, until what it returns is called. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function snapshot() {
  return state;
}

/** Asks as the user from now on, also after the page is loaded anew; as nobody where it is empty. */
export function choose(user) {
  token = undefined;
  if (user) sessionStorage.setItem(storageKey, user);
  else sessionStorage.removeItem(storageKey);
  change({ user, profile: null, problem: null });
  return introduce();
}

/** What to authorize a request with: nothing where nobody asks. */
export async function authorization() {
  await ready;
  return bearer();
}

/** Asks the server again who is asking. */
export async function introduce() {
  const { user } = state;
  if (!user) return;
  const told = await profileOf().catch((error) => ({ profile: null, problem: error.message }));
  if (state.user === user) change(told);
}

async function load() {
  try {
    const users = await readUsers();
    change({ users });
    const stored = sessionStorage.getItem(storageKey);
    if (users.some(({ user }) => user === stored)) choose(stored);
  } catch {
    change({ users: [] }); // there is nobody to choose
  }
}

async function bearer() {
  const { user } = state;
  if (!user) return null;
  const current = await token?.catch(() => undefined);
  if (user !== state.user) return bearer();
  if (!current || current.expiresAt - Date.now() < renewalMs) token = newToken(user);
  return `Bearer ${(await token).token}`;
}

async function profileOf() {
  const { data, errors } = await post({ query: whoIsAsking }, { Authorization: await bearer() });
  if (!data?.viewer) return { profile: null, problem: errors?.[0].message ?? 'The server does not know who this is.' };
  const { user, scopes, organizations } = data.viewer;
  return { profile: { name: user.name, scopes, organizations: organizations.nodes }, problem: null };
}

function change(values) {
  state = { ...state, ...values };
  listeners.forEach((listener) => listener());
}
