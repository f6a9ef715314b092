import assert from 'node:assert/strict';
import test from 'node:test';
import { editorsShown, openPage, run, shown } from './browser.mjs';
import { startServer, temporaryFolder } from './process.mjs';
import { ask, setting, tokenOf } from './server.mjs';

const { origin } = new URL(setting('STACKYARD_ORIGIN', 'http://127.0.0.1:8080'));
const api = `${origin}/graphql`;
const users = ['ada', 'mel', 'eve', 'vic', 'out'];

test('asking as somebody in the playground', { timeout: 600_000 }, async (t) => {
  const { browser, page, record } = await openPage(origin);
  t.after(() => browser.close());
  const sockets = [];
  page.on('websocket', (socket) => sockets.push(socket));
  let tokens = 0;
  page.on('request', (request) => request.url() === `${origin}/dev/token` && tokens++);
  await page.goto(origin, { waitUntil: 'load' });
  const { chooser, choose, line, open, result } = controlsOf(page);

  await t.test('offers nobody and the users of development mode', async () => {
    await chooser.waitFor();
    const values = await chooser.getByRole('option').evaluateAll((options) => options.map(({ value }) => value));
    assert.deepEqual(values, ['', ...users]);
    assert.equal(await chooser.inputValue(), '');
  });

  await t.test('nobody has no name, and is told so of what is guarded', async () => {
    await open('WhoAmI');
    assert.equal((await run(page, 'WhoAmI')).data.viewer, null);
    await open('WhoChangedWhat');
    const { data, errors } = await run(page, 'WhoChangedWhat');
    assert.equal(data.organization.changes, null);
    assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
    await result('UNAUTHENTICATED');
  });

  await t.test('mel has a name and a role', async () => {
    await choose('mel', 'Mel, MAINTAINER in acme, no scopes');
    await open('WhoAmI');
    const { viewer } = (await run(page, 'WhoAmI')).data;
    assert.equal(viewer.user.name, 'Mel');
    assert.deepEqual(
      viewer.organizations.nodes.map(({ slug, viewerRole }) => [slug, viewerRole]),
      [['acme', 'MAINTAINER']],
    );
    await open('WhoChangedWhat');
    assert.ok((await run(page, 'WhoChangedWhat')).data.organization.changes.nodes.length > 0);
  });

  await t.test('vic may not read everything', async () => {
    await choose('vic', 'Vic, VIEWER in acme, no scopes');
    await open('WhoChangedWhat');
    const { data, errors } = await run(page, 'WhoChangedWhat');
    assert.equal(data.organization.changes, null);
    assert.equal(errors[0].extensions.code, 'FORBIDDEN');
  });

  await t.test('an example says whom it is for, and is run with ids that are looked up', async () => {
    const hint = page.getByRole('button', { name: /^This example is for/ });
    await open('CreateAProject');
    await hint.getByText('mel').waitFor();
    await hint.click();
    await line.getByText('Mel, MAINTAINER in acme').waitFor();
    await hint.waitFor({ state: 'detached' });
    assert.equal(await chooser.inputValue(), 'mel');
    const { data } = await run(page, 'CreateAProject');
    assert.deepEqual(data.createProject.userErrors, []);
    assert.equal(data.createProject.project.slug, 'checkout');
    await page.getByRole('region', { name: 'Examples' }).getByText('For platform engineers, as mel').first().waitFor();
  });

  await t.test('the choice outlasts the page, the token does not', async () => {
    // The editors' texts are stored half a second after they change.
    await page.waitForFunction(() => localStorage.getItem('graphiql:variables')?.includes('"organizationId"'));
    await page.reload({ waitUntil: 'load' });
    await line.getByText('Mel, MAINTAINER in acme, no scopes').waitFor();
    assert.equal(await chooser.inputValue(), 'mel');
    const stored = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    assert.match(stored, /"stackyard:viewer":"mel"/);
    assert.doesNotMatch(stored, /eyJ|Bearer/);
  });

  await t.test('one token serves until it is about to end', async () => {
    await editorsShown(page);
    await shown(page, '"organizationId"');
    const before = tokens;
    await run(page, 'CreateAProject');
    assert.equal(tokens, before);
    const soon = async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), expiresAt: new Date(Date.now() + 30_000) } });
    };
    await page.route('**/dev/token', soon);
    await choose('eve', 'Eve, EDITOR in acme, no scopes');
    await open('WhoAmI');
    const first = tokens;
    await run(page, 'WhoAmI');
    assert.equal(tokens, first + 1);
    await page.unroute('**/dev/token', soon);
    await choose('vic', 'Vic, VIEWER in acme, no scopes');
  });

  await t.test('a subscription hears of what others do, over a socket of whoever asks', async () => {
    await open('FollowAnOrganisation');
    await press(page);
    const description = `Seen in a browser at ${Date.now()}.`;
    const isHeard = result('"subjectType": "PROJECT"').then(() => true);
    for (let n = 0; !(await Promise.race([isHeard, describe(`${description} ${n}`)])); n++); // until it listens
    assert.equal(sockets.length, 1);
    assert.equal(sockets[0].url(), `${origin.replace('http', 'ws')}/graphql`);
    assert.ok(!sockets[0].isClosed());
  });

  await t.test('the socket is closed when somebody else asks', async () => {
    const closed = sockets[0].waitForEvent('close');
    await choose('out', 'Out, in no organisation, no scopes');
    await closed;
    await result('somebody else is asking now');
    await press(page);
    await result('FORBIDDEN');
    assert.equal(sockets.length, 2);
  });

  await t.test('a header that is typed goes before', async () => {
    await choose('mel', 'Mel, MAINTAINER in acme, no scopes');
    await open('WhoAmI');
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').click();
    await page.keyboard.insertText(`{"authorization": "Bearer ${await tokenOf(origin, 'eve')}"}`);
    assert.equal((await run(page, 'WhoAmI')).data.viewer.user.name, 'Eve');
  });

  await t.test('nobody can be chosen again', async () => {
    await choose('', 'Nobody in particular asks.');
    await open('WhoChangedWhat');
    assert.equal((await run(page, 'WhoChangedWhat')).data.organization.changes, null);
  });

  await t.test('asks no other host', () => assert.deepEqual(record.foreignRequests, []));
  await t.test('breaks no policy and logs no error', () => assert.deepEqual(record.complaints, []));
});

test('the playground of a server without development mode', { timeout: 600_000 }, async (t) => {
  const server = await startServer(t, temporaryFolder(t));
  const { browser, page, record, quiet } = await openPage(server.origin);
  t.after(() => browser.close());
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(server.origin, { waitUntil: 'load' });
  const { chooser, open, result } = controlsOf(page);

  await t.test('offers nobody to ask as', async () => {
    await open('WhoAmI');
    assert.equal((await run(page, 'WhoAmI')).data.viewer, null);
    assert.equal(await chooser.count(), 0);
    assert.deepEqual(
      asked.filter((path) => path.startsWith('/dev/')),
      [],
    );
  });

  await t.test('says why the server closed a subscription', async () => {
    await open('FollowTheCatalogue');
    const subscribed = new Promise((resolve) => {
      page.once('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => payload.includes('"subscribe"') && resolve());
      });
    });
    await press(page);
    await subscribed;
    await quiet();
    await server.stop();
    await result('The server closed the connection: the server is stopping');
  });

  await t.test('breaks no policy and logs no error', () => assert.deepEqual(record.complaints, []));
});

/** What there is to press and read. */
function controlsOf(page) {
  const chooser = page.getByLabel('Ask as');
  const line = page.getByRole('region', { name: 'Viewer' });
  return {
    chooser,
    line,
    choose: async (user, description) => {
      await chooser.selectOption(user);
      await line.getByText(description, { exact: true }).waitFor();
    },
    open: async (operationName) => {
      await editorsShown(page);
      await page.getByRole('tab').filter({ hasText: operationName }).click();
      await shown(page, operationName);
    },
    result: (text) => page.locator('.result-window').getByText(text).first().waitFor(),
  };
}

function press(page) {
  return page.getByRole('button', { name: /^Execute query/ }).click();
}

/** Has an editor change the description of a project. */
async function describe(description) {
  const token = await tokenOf(origin, 'eve');
  const project = '{ organization(slug: "acme") { projects(first: 1) { nodes { id } } } }';
  const { data } = await ask(api, { query: project }, token);
  const query = 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { userErrors { message } } }';
  const input = { projectId: data.organization.projects.nodes[0].id, description };
  const answer = await ask(api, { query, variables: { input } }, token);
  assert.deepEqual(answer.data?.updateProject, { userErrors: [] });
}
