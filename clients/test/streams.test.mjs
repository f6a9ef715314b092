import assert from 'node:assert/strict';
import test from 'node:test';
import { CloseCode } from 'graphql-ws';
import { brittleWay } from './brittle.mjs';
import { startServer, temporaryFolder } from './process.mjs';
import { ask, setting, tokenOf } from './server.mjs';
import { openEvents, openSocket } from './streams.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');
const timeout = 60_000;
const whoAsks = { query: '{ viewer { user { name } } }' };
const mistake = { query: '{ nowhere }' };

/** How each library tells what went wrong. */
const transports = [
  {
    name: 'WebSocket',
    open: openSocket,
    isRefused: ({ code, reason }) => code === CloseCode.Forbidden && /token/.test(reason),
    isExpired: ({ code, reason }) => code === CloseCode.Forbidden && /expired/.test(reason),
    isStopped: ({ code, reason }) => code === 1001 && /stopping.*`after`/.test(reason),
  },
  {
    name: 'Server-sent events',
    open: openEvents,
    isRefused: ({ response }) => response.status === 401,
    isExpired: ({ code, message }) => code === 'UNAUTHENTICATED' && /expired/.test(message),
    isStopped: ({ code, message }) => code === 'UNAVAILABLE' && /stopping.*`after`/.test(message),
  },
];

for (const { name, open, isRefused, isExpired, isStopped } of transports) {
  test(`${name}: a query has one answer, to whom the token says`, { timeout }, async (t) => {
    assert.deepEqual(await all(open(t, url), whoAsks), [{ data: { viewer: null } }]);
    const client = open(t, url, await tokenOf(url, 'mel'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => all(client, whoAsks)));
    for (const answer of answers) assert.deepEqual(answer, [{ data: { viewer: { user: { name: 'Mel' } } } }]);
  });

  test(`${name}: a mistake is told`, { timeout }, async (t) => {
    const told = await all(open(t, url), mistake).then(
      ([{ errors }]) => errors,
      (errors) => errors,
    );
    assert.match(told[0].message, /nowhere/);
  });

  test(`${name}: a token that is not good is refused`, { timeout }, async (t) => {
    await assert.rejects(all(open(t, url, 'none'), whoAsks), isRefused);
  });

  test(`${name}: whoever is no member does not hear what members do`, { timeout }, async (t) => {
    const { organizationId } = await acme(url);
    const changes = follow(open(t, url, await tokenOf(url, 'out')), organizationId, '');
    const told = await changes.next().then(JSON.stringify, (error) => error);
    assert.equal((told[0]?.extensions ?? told).code, 'FORBIDDEN', told);
  });

  test(`${name}: the stream ends with its token`, { timeout }, async (t) => {
    const { organizationId } = await acme(url);
    const client = open(t, url, await tokenOf(url, 'vic', 2));
    await assert.rejects(follow(client, organizationId, null).next(), isExpired);
  });

  test(`${name}: a change that somebody makes comes to who follows`, { timeout }, async (t) => {
    const { organizationId, projectId, last } = await acme(url);
    const changes = follow(open(t, url, await tokenOf(url, 'vic')), organizationId, last);
    await describe(url, projectId, `Told over ${name} at ${Date.now()}.`);
    const { value } = await changes.next();
    await changes.return();
    assert.deepEqual(
      { ...value.node, at: undefined },
      {
        at: undefined,
        operation: 'UPDATED',
        subjectType: 'PROJECT',
        fields: ['description'],
        subject: { slug: 'partner-api' },
      },
    );
  });

  test(`${name}: whoever is cut off again and again misses nothing, and sees nothing twice`, { timeout }, async (t) => {
    const { organizationId, projectId, last } = await acme(url);
    const count = 60;
    const way = await brittleWay(t, url);
    const token = await tokenOf(url, 'mel');
    const writers = [1, 2, 3, 4].map(async (writer) => {
      for (let n = 0; n < count / 4; n++) await describe(url, projectId, `${name} ${Date.now()} ${writer} ${n}`);
    });
    const seen = [];
    while (seen.length < count) {
      const changes = follow(open(t, way.url, token), organizationId, seen.at(-1) ?? last);
      try {
        for await (const { cursor } of changes) {
          seen.push(cursor);
          if (seen.length === count) break;
        }
      } catch (error) {
        if (Array.isArray(error) || error.isTold) throw error; // by the server, which is well
      }
    }
    await Promise.all(writers);
    assert.deepEqual(seen, await cursorsAfter(url, last));
    assert.ok(way.broken() >= 3, `only ${way.broken()} connections were broken`);
  });

  test(`${name}: a server that stops says so, and goes on from there when it is back`, { timeout }, async (t) => {
    const folder = temporaryFolder(t);
    const first = await startServer(t, folder, '--dev');
    const before = `${first.origin}/graphql`;
    const { organizationId, projectId, last } = await acme(before);
    const changes = follow(open(t, before, await tokenOf(before, 'vic')), organizationId, last);
    await describe(before, projectId, 'Before.');
    const { value } = await changes.next();
    await Promise.all([assert.rejects(changes.next(), isStopped), first.stop()]);

    const second = await startServer(t, folder, '--dev');
    const after = `${second.origin}/graphql`;
    await describe(after, projectId, 'After.');
    const resumed = follow(open(t, after, await tokenOf(after, 'vic')), organizationId, value.cursor);
    const { value: missed } = await resumed.next();
    await resumed.return();
    assert.deepEqual([missed.cursor], await cursorsAfter(after, value.cursor));
  });
}

async function all(client, operation) {
  const answers = [];
  for await (const answer of client.iterate(operation)) answers.push(answer);
  return answers;
}

/** The changes of an organisation; errors are thrown, with their codes. */
async function* follow(client, organizationId, after) {
  const query = `subscription ($organizationId: ID!, $after: String) {
    organizationChanged(organizationId: $organizationId, after: $after) {
      cursor node { at operation subjectType fields subject { ... on Project { slug } } }
    }
  }`;
  for await (const { data, errors } of client.iterate({ query, variables: { organizationId, after } })) {
    if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions, { isTold: true });
    yield data.organizationChanged;
  }
}

/** Ids of the sample organisation and of a project of it, and the last change of its log. */
async function acme(url) {
  const query = `{ organization(slug: "acme") { id
    projects(first: 10) { nodes { id slug } } changes(last: 1) { pageInfo { endCursor } } } }`;
  const { data, errors } = await ask(url, { query }, await tokenOf(url, 'mel'));
  assert.equal(errors, undefined);
  const { id, projects, changes } = data.organization;
  const project = projects.nodes.find(({ slug }) => slug === 'partner-api');
  return { organizationId: id, projectId: project.id, last: changes.pageInfo.endCursor };
}

/** Has an editor change the description of a project. */
async function describe(url, projectId, description) {
  const query = `mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { userErrors { message } } }`;
  const variables = { input: { projectId, description } };
  const { data, errors } = await ask(url, { query, variables }, await tokenOf(url, 'eve'));
  assert.deepEqual(errors ?? data.updateProject.userErrors, []);
}

async function cursorsAfter(url, after) {
  const query = `query ($after: String) { organization(slug: "acme") { changes(first: 100, after: $after) { edges { cursor } } } }`;
  const { data } = await ask(url, { query, variables: { after } }, await tokenOf(url, 'mel'));
  return data.organization.changes.edges.map(({ cursor }) => cursor);
}
