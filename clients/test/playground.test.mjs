import assert from 'node:assert/strict';
import test from 'node:test';
import { openPage, run, shown } from './browser.mjs';
import { readExamples } from './examples.mjs';
import { ask, patientFetch, setting } from './server.mjs';

const { origin } = new URL(setting('STACKYARD_ORIGIN', 'http://127.0.0.1:8080'));
const examples = readExamples();

test('the playground', { timeout: 600_000 }, async (t) => {
  const { browser, page, record } = await openPage(origin);
  t.after(() => browser.close());
  const response = await page.goto(origin, { waitUntil: 'load' });
  const policy = response.headers()['content-security-policy'];
  const tabs = page.getByRole('tab');
  const card = tabs.filter({ has: page.getByTitle('TechnologyCard', { exact: true }) });
  const panel = (title) => page.getByRole('button', { name: `Show ${title}`, exact: true });

  await t.test('is a page with a strict policy', async () => {
    assert.equal(response.status(), 200);
    assert.equal(await page.title(), 'Stackyard playground');
    assert.deepEqual(faultsOf(policy), []);
  });

  await t.test('shows every example as a tab', async () => {
    await tabs.nth(examples.length - 1).waitFor();
    assert.deepEqual(
      await tabs.allInnerTexts(),
      examples.map((example) => example.operationName),
    );
  });

  await t.test('runs the query of a tab and shows the answer', async () => {
    await shown(page, examples[0].operationName); // a tab that is pressed before the editor is there does not reach it
    await card.click();
    const { data } = await run(page, 'TechnologyCard');
    await page.locator('.result-window').getByText(`"${data.technology.name}"`).first().waitFor();
    if (process.env.STACKYARD_SCREENSHOT) await page.screenshot({ path: process.env.STACKYARD_SCREENSHOT });
  });

  await t.test('gives back the example of a closed tab', async () => {
    await card.getByRole('button', { name: 'Close Tab' }).click();
    await card.waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: 'TechnologyCard' }).click();
    await card.waitFor();
    const { data } = await run(page, 'TechnologyCard');
    assert.ok(data.technology.name);
  });

  await t.test('explains the fields of Query', async () => {
    const field = await describedField();
    await panel('Documentation Explorer').click();
    const docs = page.getByRole('region', { name: 'Documentation Explorer' });
    await docs.getByRole('link', { name: 'Query', exact: true }).first().click();
    await docs.getByRole('link', { name: field.name, exact: true }).waitFor();
    await docs.getByText(field.description, { exact: true }).first().waitFor();
  });

  await t.test('lets fields be picked', async () => {
    await panel('GraphiQL Explorer').click();
    for (const field of ['categories', 'releaseCycles', 'technologies']) {
      await page.locator('.docExplorerWrap').getByText(field, { exact: true }).first().waitFor();
    }
  });

  await t.test('runs its language services in workers, under the same policy', async () => {
    const names = record.workers.map((url) => new URL(url).pathname.match(/(\w+)\.worker/)?.[1]);
    assert.deepEqual([...new Set(names)].sort(), ['editor', 'graphql', 'json']);
    for (const url of new Set(record.workers)) {
      const worker = await patientFetch(url);
      assert.equal(worker.headers.get('content-security-policy'), policy, url);
      await worker.arrayBuffer();
    }
  });

  await t.test('asks no other host', () => assert.deepEqual(record.foreignRequests, []));
  await t.test('breaks no policy and logs no error', () => assert.deepEqual(record.complaints, []));
});

/** A field of Query whose description is plain text, as the server tells it. */
async function describedField() {
  const { data } = await ask(`${origin}/graphql`, {
    query: '{ __type(name: "Query") { fields { name description } } }',
  });
  return data.__type.fields.find((field) => /^[\w ,.']+$/.test(field.description ?? ''));
}

/** What a policy allows beyond the page's own files and server; styles of the editor are written inline. */
function faultsOf(policy = '') {
  const sources = Object.fromEntries(
    policy.split(';').map((directive) => {
      const [name, ...values] = directive.trim().split(/\s+/);
      return [name, values.join(' ')];
    }),
  );
  const strictest = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  const names = new Set([...Object.keys(strictest), ...Object.keys(sources)]);
  return [...names].filter((name) => sources[name] !== strictest[name]).map((name) => `${name} ${sources[name]}`);
}
