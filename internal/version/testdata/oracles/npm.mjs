// Orders versions as npm's own semver does. It is looked for where the clients' packages are, and in npm itself.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const clients = new URL('../../../../clients/node_modules/', import.meta.url).pathname;
const global = execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim();
const home = [clients, join(global, 'npm/node_modules/')].find((d) => existsSync(join(d, 'semver')));
const semver = createRequire(home + '/')('semver');

const given = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const taken = given.filter((v) => semver.valid(v)).sort(semver.compare);
const classes = [];
taken.forEach((v, i) => (i && semver.compare(taken[i - 1], v) === 0 ? classes.at(-1).push(v) : classes.push([v])));
console.log(classes.map((c) => c.join(' ')).join('\n'));
console.log(['!', ...given.filter((v) => !semver.valid(v))].join(' '));
