import assert from 'node:assert/strict';
import test from 'node:test';
import { readExamples } from './examples.mjs';
import { ask, setting } from './server.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');

for (const { name, query, variables } of readExamples()) {
  test(`${name} is answered in full`, async () => {
    const { data, errors } = await ask(url, { query, variables });
    assert.deepEqual(errors ?? [], []);
    for (const [field, value] of Object.entries(data)) {
      if (field === 'rateLimit') continue; // null where limits are off
      assert.notEqual(value, null, `${field} is null`);
    }
    assert.deepEqual(emptyLists(data), [], 'an example that shows nothing');
  });
}

/** Paths of connections and lists at the top of the answer, or one object below it, that hold nothing. */
function emptyLists(data, path = [], depth = 0) {
  if (Array.isArray(data)) return data.length === 0 ? [path.join('.')] : [];
  if (data === null || typeof data !== 'object' || depth > 2) return [];
  return Object.entries(data).flatMap(([key, value]) => emptyLists(value, [...path, key], depth + 1));
}
