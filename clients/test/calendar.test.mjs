import assert from 'node:assert/strict';
import test from 'node:test';
import ICAL from 'ical.js';
import { ask, patientFetch, setting, tokenOf } from './server.mjs';

const url = setting('STACKYARD_URL', 'http://127.0.0.1:8080/graphql');

/** The events of the calendar at an address, as a library reads them that calendar programs use. */
async function eventsAt(address) {
  const response = await patientFetch(address);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.match(response.headers.get('content-type'), /^text\/calendar; charset=utf-8$/);
  for (const line of text.split('\r\n'))
    assert.ok(Buffer.byteLength(line) <= 75, `a line of ${Buffer.byteLength(line)} octets`);
  const calendar = new ICAL.Component(ICAL.parse(text));
  assert.equal(calendar.name, 'vcalendar');
  assert.equal(calendar.getFirstPropertyValue('version'), '2.0');
  assert.equal(calendar.getFirstPropertyValue('refresh-interval').toString(), 'P1D');
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    assert.ok(event.startDate.isDate && event.endDate.isDate, 'an event is all day');
    assert.equal(event.duration.toSeconds(), 24 * 60 * 60);
    assert.equal(component.getFirstPropertyValue('dtstamp').zone.tzid, 'UTC');
    const { summary, description, uid } = event;
    return { summary, description, uid, day: event.startDate.toString() };
  });
}

/** Runs an operation as somebody, and gives what it answers. */
async function as(user, query, variables) {
  const { data, errors } = await ask(url, { query, variables }, await tokenOf(url, user));
  assert.deepEqual(errors ?? [], []);
  return data;
}

test('the calendar of technologies has what the API says', async () => {
  const asked = { nodejs: '22', postgresql: '16', django: '5.2', debian: '12', 'spring-boot': '3.5' };
  const query = `query ($slug: String!, $version: String!) { technology(slug: $slug) { name releaseCycle(version: $version) { name endOfLifeOn } } }`;
  const known = [];
  for (const [slug, version] of Object.entries(asked)) {
    const { data } = await ask(url, { query, variables: { slug, version } });
    const { name, releaseCycle } = data.technology;
    known.push(`${releaseCycle.endOfLifeOn} ${name} ${releaseCycle.name} reaches end of life`);
  }
  const list = Object.entries(asked).map(([slug, version]) => `${slug}@${version}`);
  const events = await eventsAt(new URL(`/calendar.ics?technologies=${list}`, url));
  const told = events.map((e) => `${e.day} ${e.summary}`);
  assert.deepEqual(told, known.sort());
  assert.equal(new Set(events.map((e) => e.uid)).size, events.length);
});

test('a calendar that nothing ends in can be read', async () => {
  assert.deepEqual(await eventsAt(new URL('/calendar.ics?technologies=express', url)), []);
});

test('an organisation has a calendar of its own, until its address is another', async () => {
  const slug = `calendar-${process.pid}`;
  const strange = 'a,b;c\\d "e" 日本語'.padEnd(90, 'é') + 'END:VEVENT';
  const found = `mutation ($in: CreateOrganizationInput!) { createOrganization(input: $in) { organization { id } userErrors { message } } }`;
  const { createOrganization } = await as('ada', found, { in: { slug, name: `Strange; ${slug}` } });
  const id = createOrganization.organization.id;
  const remove = `mutation ($id: ID!) { deleteOrganization(input: { organizationId: $id }) { userErrors { message } } }`;
  try {
    const register = `mutation ($in: CreateProjectInput!) { createProject(input: $in) { userErrors { message } } }`;
    const stack = [{ technology: 'nodejs', version: '22.1.0' }];
    const { createProject } = await as('ada', register, {
      in: { organizationId: id, slug: 'odd', name: strange, stack },
    });
    assert.deepEqual(createProject.userErrors, []);
    const reset = `mutation ($id: ID!) { resetCalendarFeed(input: { organizationId: $id }) { url userErrors { message } } }`;
    const first = (await as('ada', reset, { id })).resetCalendarFeed.url;
    assert.ok(first.startsWith(new URL('/calendar/', url).href), first);
    const [event, ...others] = await eventsAt(first);
    assert.deepEqual(others, []);
    assert.equal(event.summary, 'Node.js 22 reaches end of life');
    assert.ok(event.description.includes(`Projects: ${strange}.`), event.description);
    const second = (await as('ada', reset, { id })).resetCalendarFeed.url;
    assert.equal((await patientFetch(first)).status, 404);
    assert.equal((await eventsAt(second)).length, 1);
  } finally {
    await as('ada', remove, { id });
  }
});
