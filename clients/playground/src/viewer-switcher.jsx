import { useGraphiQL } from '@graphiql/react';
import { useSyncExternalStore } from 'react';
import { viewerOf } from './examples.js';
import { choose, snapshot, subscribe } from './viewer.js';

/** Chooses who asks. There is nobody to choose from but in development mode. */
export function ViewerSwitcher() {
  const { users, user } = useSyncExternalStore(subscribe, snapshot);
  if (users.length === 0) return null;
  return (
    <label className="viewer">
      Ask as
      <select value={user} onChange={(event) => choose(event.target.value)}>
        <option value="">nobody</option>
        {users.map((one) => (
          <option key={one.user} value={one.user}>
            {one.user} ({one.role})
          </option>
        ))}
      </select>
    </label>
  );
}

/** Says who asks, and whom the tab's example is for, if for somebody else. */
export function ViewerLine() {
  const { users, user, profile, problem } = useSyncExternalStore(subscribe, snapshot);
  const wanted = useGraphiQL(({ tabs, activeTabIndex }) => viewerOf(tabs[activeTabIndex]?.query));
  if (users.length === 0) return null;
  return (
    <section aria-label="Viewer" className="viewer">
      <output>{describe(user, profile, problem)}</output>
      {wanted && wanted !== user && users.some((one) => one.user === wanted) && (
        <button type="button" onClick={() => choose(wanted)}>
          This example is for {wanted}: ask as {wanted}
        </button>
      )}
    </section>
  );
}

/** As in `Mel, MAINTAINER in acme, no scopes`. */
function describe(user, profile, problem) {
  if (!user) return 'Nobody in particular asks.';
  if (problem) return problem;
  if (!profile) return '';
  const roles = profile.organizations.map(({ slug, viewerRole }) => `${viewerRole} in ${slug}`);
  const scopes = profile.scopes.length ? `scopes ${profile.scopes.join(' ')}` : 'no scopes';
  return [profile.name, roles.join(', ') || 'in no organisation', scopes].join(', ');
}
