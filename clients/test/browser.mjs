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

/** A page in a fresh profile that can reach one origin alone, and the record of all that it should not have done. */
export async function openPage(origin) {
  const browser = await chromium.launch({
    executablePath: process.env.STACKYARD_CHROMIUM || '/usr/bin/chromium',
    args: flags,
    timeout: 30_000,
  });
  const context = await browser.newContext({ viewport: { width: 1400, height: 860 } });
  const record = { foreignRequests: [], complaints: [], workers: [] };

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
  context.on('requestfailed', (request) => {
    record.complaints.push(`${request.url()}: ${request.failure()?.errorText}`);
  });
  await context.exposeBinding('reportViolation', (_, violation) => record.complaints.push(violation));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`${event.effectiveDirective} forbids ${event.blockedURI}`);
    });
  });

  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('worker', (worker) => record.workers.push(worker.url()));
  return { browser, page, record };
}
