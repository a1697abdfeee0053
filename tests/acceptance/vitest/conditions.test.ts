// What surrounds a fork: clock, rate limit, faults, stubs, journal.

import { expect } from "vitest";

import { type FakeFork, test } from "./fake-webflow";

const ask = (fake: FakeFork, path: string, body?: object) =>
  fetch(`${fake.baseUrl}${path}`, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${fake.token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
const create = (fake: FakeFork, name: string) =>
  ask(fake, `/collections/${fake.collectionIds.authors}/items`, { fieldData: { name } });

test("a minute passes", async ({ fake }) => {
  await fake.setRateLimit(1);
  expect(await fake.rateLimit()).toBe(1);
  expect([(await create(fake, "Ada")).status, (await create(fake, "Bob")).status]).toEqual([202, 429]);
  await fake.advanceClock(61);
  expect((await create(fake, "Bob")).status).toBe(202);
});

test("the clock is set, stopped and let run", async ({ fake }) => {
  const { time, frozen } = await fake.setClock("2031-01-01T00:00:00Z");
  expect([time.slice(0, 10), frozen]).toEqual(["2031-01-01", false]);
  expect((await fake.freezeClock()).frozen).toBe(true);
  expect((await fake.runClock()).frozen).toBe(false);
});

test("Webflow is busy once", async ({ fake }) => {
  const fault = await fake.addFault({
    when: { operations: ["items.create"], nth: 1 },
    then: { too_many_requests: { retry_after: 7 } },
  });
  const busy = await create(fake, "Ada");
  expect([busy.status, busy.headers.get("Retry-After")]).toEqual([429, "7"]);
  expect((await create(fake, "Ada")).status).toBe(202);
  expect((await fake.faults()).map(({ number, hit }) => [number, hit])).toEqual([[fault.number, 1]]);
  expect((await fake.deleteFault(fault.number)).faults).toEqual([]);
});

test("an operation that is not simulated is answered", async ({ fake }) => {
  const stub = await fake.addStub({ operation: "list-pages", json: { pages: [] } });
  expect(await (await ask(fake, `/sites/${fake.siteId}/pages`)).json()).toEqual({ pages: [] });
  expect((await fake.stubs())[0]?.answered).toBe(1);
  expect((await fake.deleteStub(stub.id)).stubs).toEqual([]);
});

test("what was asked is asserted on", async ({ fake }) => {
  await create(fake, "Ada");
  const [call] = await fake.assertCalled("items.create", { json: { fieldData: { name: "Ada" } }, status: 202, times: 1 });
  expect(call?.response_json.fieldData.slug).toBe("ada");
  await fake.assertCalled("items.delete", { times: 0 });
  const wrong = fake.assertCalled("items.create", { json: { fieldData: { name: "Bob" } } });
  await expect(wrong).rejects.toThrow("'Ada', not 'Bob'");
  const { exchanges, last } = await fake.journal({ operation: "items.*", status: "2xx" });
  expect(exchanges.map(({ number }) => number)).toEqual([last]);
  expect((await fake.clearJournal()).exchanges).toEqual([]);
});
