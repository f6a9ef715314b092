import { chromium } from 'playwright-core';

/** What keeps Chromium from calling its maker's hosts, and from needing a screen or another user than root. */
const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-sandbox',
];

/** How long a page that asks for nothing has all that it wants. */
const quietMs = 700;

/**
 * A page in a fresh profile that can reach one origin alone, and the record of all that it should not have done.
 * `quiet` waits until it has all that it wants, before what would cut it off.
 */
export async function openPage(origin) {
  const browser = await chromium.launch({
    executablePath: process.env.STACKYARD_CHROMIUM || '/usr/bin/chromium',
    args: flags,
    timeout: 60_000,
  });
  const context = await browser.newContext({ viewport: { width: 1400, height: 860 } });
  const record = { foreignRequests: [], complaints: [], workers: [] };
  const pending = new Set();
  let lastRequest = 0;

  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (new URL(url).origin === origin) return route.continue();
    record.foreignRequests.push(url);
    return route.abort();
  });
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') record.complaints.push(message.text());
  });
  context.on('weberror', (error) => record.complaints.push(String(error.error())));
  context.on('request', (request) => {
    pending.add(request);
    lastRequest = Date.now();
  });
  context.on('requestfinished', (request) => pending.delete(request));
  context.on('requestfailed', (request) => {
    pending.delete(request);
    const { errorText } = request.failure();
    // A page that is left, and a worker that is ended, let go of what they asked for.
    if (errorText !== 'net::ERR_ABORTED') record.complaints.push(`${request.url()}: ${errorText}`);
  });
  await context.exposeBinding('reportViolation', (_, violation) => record.complaints.push(violation));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`${event.effectiveDirective} forbids ${event.blockedURI}`);
    });
  });

  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('worker', (worker) => record.workers.push(worker.url()));
  const quiet = async () => {
    // Of the file of a worker it is not always told that it has come.
    while (Date.now() < lastRequest + (pending.size > 0 ? 4 : 1) * quietMs) await page.waitForTimeout(50);
  };
  return { browser, page, record, quiet };
}

/** Presses the button, once the editor shows the operation, and gives back the answer to it. */
export async function run(page, operationName) {
  await shown(page, operationName);
  const answer = page.waitForResponse((response) => {
    const request = response.request();
    return request.method() === 'POST' && request.postDataJSON()?.query?.includes(` ${operationName}`);
  });
  await page.getByRole('button', { name: /^Execute query/ }).click();
  return (await answer).json();
}

/** Waits until the editors are there: of document, variables, headers and answer. */
export function editorsShown(page) {
  return page.waitForFunction(() => document.querySelectorAll('.view-lines').length === 4);
}

/** Waits until an editor shows the operation. */
export function shown(page, operationName) {
  return page.waitForFunction(
    (name) => [...document.querySelectorAll('.view-lines')].some((lines) => lines.textContent.includes(name)),
    operationName,
  );
}
