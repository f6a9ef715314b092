import assert from 'node:assert/strict';
import test from 'node:test';
import { withIDs } from '../playground/src/ids.js';
import { readExamples } from './examples.mjs';
import { ask, setting, tokenOf } from './server.mjs';
import { openSocket } from './streams.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');

for (const round of ['is answered in full', 'is answered as well when it is run again']) {
  for (const example of readExamples()) {
    test(`${example.name} ${round}`, { timeout: 30_000 }, async (t) => {
      const { data, errors } = await answerTo(t, example);
      assert.deepEqual(errors ?? [], []);
      for (const [field, value] of Object.entries(data)) {
        if (field === 'rateLimit') continue; // null where limits are off
        assert.notEqual(value, null, `${field} is null`);
        if (example.kind === 'mutation') assert.deepEqual(value.userErrors, []);
      }
      if (example.kind === 'subscription') return; // an event may be about anything
      assert.deepEqual(emptyLists(data), [], 'an example that shows nothing');
    });
  }
}

/** What the server answers to the user of the example; of a subscription the first event of its whole log. */
async function answerTo(t, { kind, viewer, query, variables: written }) {
  const token = viewer && (await tokenOf(url, viewer));
  const variables = await withIDs(written, (lookup) => ask(url, lookup, token));
  if (kind !== 'subscription') return ask(url, { query, variables }, token);
  const events = openSocket(t, url, token).iterate({ query, variables: { ...variables, after: '' } });
  const { value } = await events.next();
  await events.return();
  return value;
}

/** Paths of connections and lists at the top of the answer, or one object below it, that hold nothing. */
function emptyLists(data, path = [], depth = 0) {
  if (path.at(-1) === 'userErrors') return [];
  if (Array.isArray(data)) return data.length === 0 ? [path.join('.')] : [];
  if (data === null || typeof data !== 'object' || depth > 2) return [];
  return Object.entries(data).flatMap(([key, value]) => emptyLists(value, [...path, key], depth + 1));
}
