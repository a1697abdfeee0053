// Webhooks of a fork: told, waited for, sent again.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect } from "vitest";

import { type FakeFork, test } from "./fake-webflow";

const received: string[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    received.push(JSON.parse(body).payload.fieldData.name);
    response.end();
  });
});
beforeAll(() => new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done)));
afterAll(() => void receiver.close());

async function post(fake: FakeFork, path: string, body: object): Promise<void> {
  const answer = await fetch(`${fake.baseUrl}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${fake.token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}

test.for(["Ada", "Bob", "Cleo"])("%s is told", async (name, { fake }) => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await post(fake, `/sites/${fake.siteId}/webhooks`, { triggerType: "collection_item_created", url });
  await post(fake, `/collections/${fake.collectionIds.authors}/items`, { fieldData: { name } });
  const [delivery] = await fake.waitForDeliveries({ count: 1 });
  expect(delivery).toMatchObject({ id: 0, state: "delivered", trigger: "collection_item_created" });
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([200]);
  await fake.resendDelivery(0);
  await fake.waitForDeliveries({ count: 2 });
  expect(received.filter((told) => told === name)).toEqual([name, name]);
  expect((await fake.deliveries()).length).toBe(2);
  await expect(fake.waitForDeliveries({ count: 3, timeout: 0.01 })).rejects.toMatchObject({ status: 408 });
});
