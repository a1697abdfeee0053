// What a fork holds: arranged, read, kept and gone back to.

import { createHash } from "node:crypto";

import { describe, expect } from "vitest";

import { ControlError, FakeServer, test } from "./fake-webflow";

const names = (items: Array<Record<string, any>>) => items.map((item) => item.fieldData.name);

for (const number of [1, 2, 3, 4]) {
  test(`world ${number} is its own`, async ({ fake }) => {
    expect(fake.collectionIds).toHaveProperty("authors");
    const before = await fake.items("authors");
    await fake.addItems({ collection: "authors", items: [{ name: `Author ${number}` }] });
    expect(names(await fake.items("authors"))).toEqual([...names(before), `Author ${number}`]);
    expect(names(await fake.items("authors", "live"))).toContain(`Author ${number}`);
    await fake.reset();
    expect(await fake.items("authors")).toEqual(before);
  });
}

describe("an empty world", () => {
  test.scoped({ forkOptions: { scenario: "empty", now: "2024-05-01T12:00:00Z" } });

  test("is arranged", async ({ fake }) => {
    const site = await fake.addSite({ display_name: "Shop", locales: ["en", "de"] });
    const fields = { Price: "Number", Kind: { type: "Option", validations: { options: ["Old", "New"] } } };
    const goods = await fake.addCollection({ display_name: "Goods", fields, site: site.shortName });
    expect(goods.fields.map(({ slug }) => slug)).toEqual(["name", "slug", "price", "kind"]);
    await fake.takeSnapshot("empty");
    const hats = [{ name: "Hat", price: 3 }, { name: "Cap" }];
    await fake.addItems({ collection: goods.id, items: hats, locales: ["en", "de"], published: false, draft: true });
    expect(names(await fake.items("goods", "drafts", "de"))).toEqual(["Hat", "Cap"]);
    const asset = await fake.addAsset({ content: { text: "hello" }, file_name: "a.txt", folder: "Notes" });
    expect(await (await fetch(asset.hostedUrl)).text()).toBe("hello");
    expect(await fake.scenario()).toContain("displayName: Goods");
    expect(await fake.scenario()).not.toContain(fake.token);
    await fake.restoreSnapshot("empty");
    expect(await fake.items("goods")).toEqual([]);
    expect(await fake.snapshots()).toEqual(["empty"]);
  });

  test("begins when it is told to", async ({ fake }) => {
    expect((await fake.clock()).time).toMatch(/^2024-05-01T12:00/);
  });

  test("says what is wrong", async ({ fake }) => {
    const wrong = fake.addItems({ collection: "godds", items: 1 });
    await expect(wrong).rejects.toThrow(ControlError);
    await expect(wrong).rejects.toMatchObject({ status: 400, code: "invalid_request" });
    await expect(fake.items("godds")).rejects.toMatchObject({ status: 404, code: "no_such_collection" });
  });
});

test("files are uploaded to this fork alone", async ({ fake }) => {
  const fileHash = createHash("md5").update("hello").digest("hex");
  const registered = await fetch(`${fake.baseUrl}/sites/${fake.siteId}/assets`, {
    method: "POST",
    headers: { Authorization: `Bearer ${fake.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ fileName: "hello.txt", fileHash }),
  });
  const asset = (await registered.json()) as Record<string, any>;
  const form = new FormData();
  for (const [name, value] of Object.entries(asset.uploadDetails)) form.append(name, String(value));
  form.append("file", new Blob(["hello"]), "hello.txt");
  expect((await fetch(asset.uploadUrl, { method: "POST", body: form })).ok).toBe(true);
  expect(await (await fetch(asset.hostedUrl)).text()).toBe("hello");
});

test("a fork with a name is shared", async () => {
  const server = new FakeServer();
  const name = `shared-${process.pid}`;
  const [one, other] = await Promise.all([server.namedFork(name, { idle_seconds: 60 }), server.namedFork(name, { idle_seconds: 60 })]);
  expect(one.token).toBe(other.token);
  await expect(server.namedFork(name, { idle_seconds: 61 })).rejects.toMatchObject({ code: "fork_exists" });
  expect((await server.forks()).map(({ id }) => id)).toContain(name);
  await one.delete();
  await expect(other.state()).rejects.toMatchObject({ status: 404 });
});
