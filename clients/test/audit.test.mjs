import assert from 'node:assert/strict';
import test from 'node:test';
import { serverAudits } from 'graphql-http';
import { patientFetch, setting } from './server.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');
const audits = serverAudits({ url, fetchFn: patientFetch });

test('GraphQL over HTTP', async (t) => {
  await t.test('there are 61 audits', () => assert.equal(audits.length, 61));
  for (const audit of audits) {
    await t.test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      assert.equal(result.status, 'ok', result.reason);
    });
  }
});
