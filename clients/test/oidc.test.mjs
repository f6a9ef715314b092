import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer, temporaryFolder } from './process.mjs';
import { newKey, newProvider } from './provider.mjs';
import { post } from './server.mjs';

/** How long the server takes no second look at the keys of an issuer, and a bit. */
const gapMs = 10_500;

const query = '{ viewer { user { name } scopes } technology(slug: "postgresql") { name } }';

test('an OpenID Connect provider', { timeout: 600_000 }, async (t) => {
  const [one, two, three] = ['one', 'two', 'three'].map(newKey);
  const provider = await newProvider(t, [one]);
  const first = await provider.token({ scope: 'users:read' });
  const folder = temporaryFolder(t);
  const issuers = join(folder, 'issuers.json');
  writeFileSync(issuers, JSON.stringify({ issuers: [{ issuer: provider.issuer, audiences: ['stackyard'] }] }));
  let server;

  const ask = (token) => post(`${server.origin}/graphql`, { query }, token);
  const passes = async (token) => {
    const { status, body } = await ask(token);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.data.viewer.user.name, 'Nightly batch');
    return body.data.viewer;
  };

  await t.test('may be down when the server starts: tokens wait, the public does not', async () => {
    await provider.stop();
    server = await startServer(t, folder, '--issuers', issuers);
    const anonymous = await ask();
    assert.equal(anonymous.status, 200);
    assert.deepEqual(anonymous.body.data, { viewer: null, technology: { name: 'PostgreSQL' } });
    const { status, headers, body } = await ask(first);
    assert.equal(status, 503, JSON.stringify(body));
    assert.ok(headers.get('retry-after'));
    assert.equal(body.errors[0].extensions.code, 'UNAVAILABLE');
  });

  await t.test('is found by discovery as soon as it is up, without another start', async () => {
    await provider.start();
    let answer;
    for (let tries = 0; tries < 50; tries++) {
      answer = await ask(first);
      if (answer.status !== 503) break;
      await sleep(200);
    }
    assert.deepEqual(answer.body, {
      data: { viewer: { user: { name: 'Nightly batch' }, scopes: ['users:read'] }, technology: { name: 'PostgreSQL' } },
    });
  });

  await t.test('grants what it grants, to whom it is for', async () => {
    assert.deepEqual((await passes(await provider.token())).scopes, []);
    const scopes = ['catalog:write', 'users:read'];
    assert.deepEqual((await passes(await provider.token({ scope: scopes.join(' ') }))).scopes, scopes);
    const { status, headers } = await ask(await provider.token({ resource: 'urn:another' }));
    assert.equal(status, 401);
    assert.match(headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
  });

  await t.test('may be down for a while: tokens that it signed go on passing', async () => {
    const tokens = await Promise.all(Array.from({ length: 30 }, () => provider.token())); // none was seen before
    await provider.stop();
    for (const token of tokens) {
      await passes(token);
      await sleep(100);
    }
    await provider.start();
  });

  await t.test('changes its keys under load, and no request fails', async () => {
    let isOver = false;
    const signedWith = {};
    const load = async () => {
      while (!isOver) {
        const token = await provider.token();
        const { kid } = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
        await passes(token);
        signedWith[kid] = (signedWith[kid] ?? 0) + 1;
        await sleep(20);
      }
    };
    const workers = Promise.all([load(), load(), load(), load()]).finally(() => (isOver = true));
    const rotate = async () => {
      for (const keys of [
        [two, one],
        [three, two],
      ]) {
        while (!isOver && Date.now() < provider.keysReadAt() + gapMs) await sleep(50);
        provider.setKeys(...keys);
        await sleep(500);
      }
      isOver = true;
    };
    await Promise.all([workers, rotate()]);
    assert.deepEqual(Object.keys(signedWith).sort(), ['one', 'three', 'two']);
    await passes(await provider.token());
    const { status } = await ask(first); // remembered or not: its key is published no more
    assert.equal(status, 401);
  });

  await t.test('is told of in the log, and its tokens are not', async () => {
    await server.stop();
    const lines = server.log().split('\n');
    const told = lines
      .filter((line) => line.includes(`issuer=${provider.issuer}`))
      .map((line) => line.match(/msg="([^"]*)/)[1]);
    assert.match(told[0], /^keys cannot be fetched/);
    assert.equal(told.at(-1), 'keys fetched');
    assert.ok(!server.log().includes(first.split('.')[2]));
  });
});
