import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { NoDeprecatedCustomRule, buildSchema, getVariableValues, parse, specifiedRules, validate } from 'graphql';
import { readExamples } from './examples.mjs';

const schema = buildSchema(readFileSync(new URL('../../schema.graphqls', import.meta.url), 'utf8'));
const examples = readExamples();
const messages = (errors = []) => errors.map((error) => error.message);

test('there are a dozen examples at least', () => {
  assert.ok(examples.length >= 12, `only ${examples.length}`);
});

test('every file of variables belongs to a document', () => {
  const names = examples.map((example) => `${example.name}.variables.json`);
  const files = readdirSync(new URL('../examples/', import.meta.url)).filter((file) => !file.endsWith('.graphql'));
  assert.deepEqual(
    files.filter((file) => !names.includes(file)),
    [],
  );
});

for (const example of examples) {
  test(example.name, async (t) => {
    const document = parse(example.query);
    const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition');

    await t.test('says what it answers, and for whom', () => {
      const opening = example.query.match(/^(?:# as: .*\n)?((?:# .*\n)+)/)?.[1].replaceAll(/^# /gm, '') ?? '';
      assert.match(opening, /^For (front-end teams|mobile developers|platform engineers): [^]+\?/);
    });
    await t.test('says as whom it is asked, where it is not for everyone', () => {
      assert.ok([undefined, 'ada', 'mel', 'eve', 'vic', 'out'].includes(example.viewer), example.viewer);
      if (example.kind === 'mutation') assert.ok(example.viewer);
    });
    await t.test('is one operation, named as its file', () => {
      assert.deepEqual(
        operations.map((operation) => operation.name?.value),
        [example.operationName],
      );
    });
    await t.test('is valid against the contract, without deprecated fields', () => {
      const errors = validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]);
      assert.deepEqual(messages(errors), []);
    });
    await t.test('has the variables that it declares, and no others', () => {
      const declared = operations[0].variableDefinitions;
      assert.deepEqual(
        Object.keys(example.variables).sort(),
        declared.map((definition) => definition.variable.name.value).sort(),
      );
      assert.deepEqual(messages(getVariableValues(schema, declared, example.variables).errors), []);
    });
  });
}
