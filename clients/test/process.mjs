import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/stackyard', import.meta.url));
const patienceMs = 60_000;

/** A folder that goes with the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'stackyard-clients-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Starts a server of the test's own, on a free port of loopback, with its database in the folder. It is ready when
 * this returns, and is stopped after the test, if it is not before.
 */
export async function startServer(t, folder, ...flags) {
  const child = spawn(
    program,
    ['serve', '--listen', '127.0.0.1:0', '--data-dir', folder, '--log-format', 'text', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let printed = '';
  const origin = new Promise((resolve, reject) => {
    const read = (text) => {
      printed += text;
      const address = printed.match(/^ *GraphQL +(http:\/\/\S+)\/graphql$/m)?.[1];
      if (address) resolve(address);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', reject);
    exited.then(() => reject(new Error(`the server ended before it was ready:\n${printed}`)), reject);
    setTimeout(
      () => reject(new Error(`the server is not ready after ${patienceMs} ms:\n${printed}`)),
      patienceMs,
    ).unref();
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
  };
  t.after(stop);
  return { origin: await origin, stop, log: () => printed };
}
