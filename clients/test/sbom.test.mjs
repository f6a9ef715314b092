import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './process.mjs';
import { ask, patientFetch, setting, tokenOf } from './server.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');
const clients = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(clients, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(clients, 'package-lock.json'), 'utf8'));
const run = promisify(execFile);

/** A bill of materials made by cyclonedx-npm: of these clients, or of another folder. */
async function madeByCycloneDX(folder, ...flags) {
  const program = join(clients, 'node_modules', '.bin', 'cyclonedx-npm');
  const made = await run(program, ['--no-validate', ...flags], { cwd: folder, maxBuffer: 2 ** 26 });
  return made.stdout;
}

/** A bill of materials made by npm itself, of a lock file. */
async function madeByNPM(folder, format) {
  const flags = ['sbom', '--package-lock-only', '--sbom-format', format];
  return (await run('npm', flags, { cwd: folder, maxBuffer: 2 ** 26 })).stdout;
}

/** A folder with a lock file of what these clients need, and of a framework that the catalogue knows. */
function withExpress(t) {
  const folder = temporaryFolder(t);
  const dependencies = { express: '4.19.2' };
  const root = { ...lock.packages[''], version: '1.0.0', dependencies };
  const express = { version: '4.19.2', license: 'MIT' };
  const packages = { ...lock.packages, '': root, 'node_modules/express': express };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: '1.0.0', dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, version: '1.0.0', packages }));
  return folder;
}

/** Imports a document into the project, as the GraphQL multipart request specification has it. */
async function imported(project, document) {
  const form = new FormData();
  const query = `mutation ($project: ID!, $file: Upload!) {
    importSbom(input: { projectId: $project, file: $file }) {
      componentCount recognizedCount unrecognized { name version reason }
      project { stack { nodes { name installedVersion technology { slug } } } }
      userErrors { field message }
    }
  }`;
  form.append('operations', JSON.stringify({ query, variables: { project, file: null } }));
  form.append('map', JSON.stringify({ 0: ['variables.file'] }));
  form.append('0', new Blob([document]), 'bom');
  const headers = { Authorization: `Bearer ${await tokenOf(url, 'eve')}`, 'GraphQL-Require-Preflight': '1' };
  const response = await patientFetch(url, { method: 'POST', headers, body: form });
  const { data, errors } = await response.json();
  assert.deepEqual(errors ?? [], []);
  return data.importSbom;
}

/** Runs an operation as somebody, and gives what it answers. */
async function as(user, query, variables) {
  const { data, errors } = await ask(url, { query, variables }, await tokenOf(url, user));
  assert.deepEqual(errors ?? [], []);
  return data;
}

/** The id of a project that goes with the tests. */
const project = (async () => {
  const { organization } = await as('mel', '{ organization(slug: "acme") { id } }');
  const query = `mutation ($in: CreateProjectInput!) { createProject(input: $in) { project { id } userErrors { message } } }`;
  const input = { organizationId: organization.id, slug: `bills-${process.pid}`, name: 'Bills of materials' };
  const { createProject } = await as('mel', query, { in: input });
  assert.deepEqual(createProject.userErrors, []);
  return createProject.project.id;
})();

after(async () => {
  const query = `mutation ($id: ID!) { deleteProject(input: { projectId: $id }) { userErrors { message } } }`;
  await as('mel', query, { id: await project });
});

const makers = {
  'CycloneDX 1.4 in JSON': () => madeByCycloneDX(clients, '--sv', '1.4'),
  'CycloneDX 1.6 in JSON': () => madeByCycloneDX(clients, '--sv', '1.6'),
  'CycloneDX 1.5 in XML': () => madeByCycloneDX(clients, '--sv', '1.5', '--of', 'XML'),
  'CycloneDX 1.7 in XML, of a lock file': (t) =>
    madeByCycloneDX(withExpress(t), '--package-lock-only', '--sv', '1.7', '--of', 'XML'),
  'CycloneDX by npm, of a lock file': (t) => madeByNPM(withExpress(t), 'cyclonedx'),
  'SPDX 2.3 by npm, of a lock file': (t) => madeByNPM(withExpress(t), 'spdx'),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} is imported`, { timeout: 120_000 }, async (t) => {
    const answer = await imported(await project, await make(t));
    assert.deepEqual(answer.userErrors, []);
    assert.ok(answer.componentCount >= 100, `${answer.componentCount} components`);
    assert.equal(answer.componentCount, answer.recognizedCount + answer.unrecognized.length);
    for (const unknown of ['graphiql', '@vitejs/plugin-react']) {
      const { version, reason } = answer.unrecognized.find((c) => c.name === unknown) ?? {};
      assert.equal(version, lock.packages[`node_modules/${unknown}`].version, unknown);
      assert.match(reason, /package URL/);
    }
    const express = name.includes('lock file') ? ['4.19.2'] : [];
    const stack = answer.project.stack.nodes;
    const found = stack.filter((c) => c.technology.slug === 'express').map((c) => c.installedVersion);
    assert.deepEqual(found, express);
  });
}

test('a document that is broken changes nothing', async (t) => {
  const before = await imported(await project, await madeByNPM(withExpress(t), 'cyclonedx'));
  assert.notEqual(before.project.stack.nodes.length, 0);
  const { userErrors, componentCount } = await imported(await project, '{"bomFormat": "CycloneDX",');
  assert.equal(componentCount, null);
  assert.match(userErrors[0].message, /line 1, column 27/);
  const query = `query ($id: ID!) { node(id: $id) { ... on Project { stack { totalCount } } } }`;
  const { node } = await as('eve', query, { id: await project });
  assert.equal(node.stack.totalCount, before.project.stack.nodes.length);
});
