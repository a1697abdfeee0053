// The official JavaScript SDK, unmodified, against a served fake. Prints a line for each step that held.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const { WebflowClient } = require("webflow-api");

const fake = JSON.parse(process.env.FAKE);
const picture = fs.readFileSync(process.env.PICTURE);
const site = fake.site_id;
const base = fake.base_url;
const webflow = new WebflowClient({
  accessToken: fake.token,
  environment: { base, dataApi: base, contentDeliveryApi: base },
});
const { collections, assets, webhooks } = webflow;
const { items, fields } = collections;

const names = (page) => page.items.map((item) => item.fieldData.name);
const refused = (call, status) => assert.rejects(call, (error) => error.statusCode === status);

const steps = {
  async "token and sites"() {
    assert.match((await webflow.token.authorizedBy()).email, /@/);
    assert.deepEqual((await webflow.token.introspect()).authorization.authorizedTo.siteIds, [site]);
    assert.deepEqual((await webflow.sites.list()).sites.map((one) => one.id), [site]);
    assert.equal((await webflow.sites.get(site)).locales.secondary.length, 2);
    assert.ok(Array.isArray((await webflow.sites.getCustomDomain(site)).customDomains));
  },

  async "collections and fields"() {
    const made = await collections.create(site, {
      displayName: "Lighthouses",
      singularName: "Lighthouse",
      fields: [{ type: "Number", displayName: "Height" }],
    });
    this.collection = made.id;
    const coast = await fields.create(made.id, { type: "PlainText", displayName: "Coast" });
    const shore = await fields.update(made.id, coast.id, { displayName: "Shore", helpText: "Where it stands" });
    assert.equal(shore.helpText, "Where it stands");
    const spare = await fields.create(made.id, { type: "Switch", displayName: "Spare" });
    await fields.delete(made.id, spare.id);
    const found = await collections.get(made.id);
    assert.deepEqual(found.fields.map((field) => field.type).sort(), ["Number", "PlainText", "PlainText", "PlainText"]);
    assert.ok((await collections.list(site)).collections.some((one) => one.id === made.id));
    const gone = await collections.create(site, { displayName: "Gone", singularName: "One" });
    await collections.delete(gone.id);
    await refused(collections.get(gone.id), 404);
  },

  async "creating and paging items"() {
    for (let start = 0; start < 250; start += 100) {
      const numbers = Array.from({ length: Math.min(100, 250 - start) }, (_, index) => start + index);
      const made = await items.createItems(this.collection, {
        fieldData: numbers.map((number) => ({ name: `Tower ${number}`, slug: `tower-${number}`, height: number })),
      });
      assert.equal(made.items.length, numbers.length);
    }
    const sizes = [];
    for (let offset = 0; ; offset += 100) {
      const page = await items.listItems(this.collection, { offset, limit: 100 });
      sizes.push(page.items.length);
      if (offset + page.items.length >= page.pagination.total) break;
    }
    assert.deepEqual(sizes, [100, 100, 50]);
    const sorted = await items.listItems(this.collection, { sortBy: "name", sortOrder: "desc", limit: 3 });
    assert.deepEqual(names(sorted), ["Tower 99", "Tower 98", "Tower 97"]);
    assert.deepEqual(names(await items.listItems(this.collection, { name: "Tower 42" })), ["Tower 42"]);
  },

  async "staged items"() {
    const made = await items.createItem(this.collection, { fieldData: { name: "Eddystone", slug: "eddystone" } });
    this.item = made.id;
    const changed = await items.updateItem(this.collection, made.id, { fieldData: { height: 49 } });
    assert.equal(changed.fieldData.height, 49);
    assert.equal((await items.getItem(this.collection, made.id)).fieldData.name, "Eddystone");
    const [first, second] = (await items.listItems(this.collection, { limit: 2, offset: 1 })).items;
    const both = await items.updateItems(this.collection, {
      items: [{ id: first.id, fieldData: { height: 1 } }, { id: second.id, fieldData: { height: 2 } }],
    });
    assert.deepEqual(both.items.map((item) => item.fieldData.height), [1, 2]);
    await items.deleteItem(this.collection, first.id);
    await items.deleteItems(this.collection, { items: [{ id: second.id }] });
    await refused(items.getItem(this.collection, second.id), 404);
  },

  async "publishing and live items"() {
    await webflow.sites.publish(site, { publishToWebflowSubdomain: true });
    await refused(items.updateItemLive(this.collection, this.item, { fieldData: { height: 50 } }), 409);
    assert.deepEqual((await items.publishItem(this.collection, { itemIds: [this.item] })).publishedItemIds, [this.item]);
    const live = await items.updateItemLive(this.collection, this.item, { fieldData: { height: 51 } });
    assert.equal(live.fieldData.height, 51);
    assert.equal((await items.getItemLive(this.collection, this.item)).fieldData.height, 51);
    const made = await items.createItemLive(this.collection, { fieldData: { name: "Skerryvore", slug: "skerryvore" } });
    const changed = await items.updateItemsLive(this.collection, { items: [{ id: made.id, fieldData: { height: 48 } }] });
    assert.equal(changed.items[0].fieldData.height, 48);
    assert.deepEqual(names(await items.listItemsLive(this.collection)), ["Skerryvore", "Eddystone"]);
    await items.deleteItemLive(this.collection, made.id);
    await items.deleteItemsLive(this.collection, { items: [{ id: this.item }] });
    assert.deepEqual(names(await items.listItemsLive(this.collection)), []);
  },

  async "assets and folders"() {
    const folder = await assets.createFolder(site, { displayName: "Charts" });
    assert.equal((await assets.getFolder(folder.id)).displayName, "Charts");
    assert.ok((await assets.listFolders(site)).assetFolders.some((one) => one.id === folder.id));
    const bytes = picture.buffer.slice(picture.byteOffset, picture.byteOffset + picture.length);
    const asset = await assets.utilities.createAndUpload(site, { file: bytes, fileName: "lamp.jpg", parentFolder: folder.id });
    const read = await fetch(asset.hostedUrl);
    assert.equal(read.headers.get("content-type"), "image/jpeg");
    assert.deepEqual(Buffer.from(await read.arrayBuffer()), picture);
    assert.equal((await assets.update(asset.id, { displayName: "The lamp" })).displayName, "The lamp");
    assert.equal((await assets.get(asset.id)).displayName, "The lamp");
    assert.ok((await assets.list(site, { limit: 100 })).assets.some((one) => one.id === asset.id));
    await assets.delete(asset.id);
    await refused(assets.get(asset.id), 404);
  },

  async "webhooks"() {
    let receive;
    const delivery = new Promise((resolve) => (receive = resolve));
    const receiver = http.createServer((request, response) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        response.end();
        receive({ headers: request.headers, body: Buffer.concat(parts).toString() });
      });
    });
    await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${receiver.address().port}/hook`;
    const made = await webhooks.create(site, { triggerType: "collection_item_created", url });
    assert.equal((await webhooks.get(made.id)).url, url);
    assert.deepEqual((await webhooks.list(site)).webhooks.map((one) => one.id), [made.id]);
    const item = await items.createItem(this.collection, { fieldData: { name: "Bishop Rock", slug: "bishop-rock" } });
    const { headers, body } = await delivery;
    assert.equal(JSON.parse(body).payload.id, item.id);
    assert.ok(await webhooks.verifySignature({ headers, body, secret: made.secretKey }));
    assert.ok(!(await webhooks.verifySignature({ headers, body: `${body} `, secret: made.secretKey })));
    await webhooks.delete(made.id);
    await refused(webhooks.get(made.id), 404);
    receiver.close();
  },

  async "refusals"() {
    const environment = { base, dataApi: base, contentDeliveryApi: base };
    await refused(new WebflowClient({ accessToken: "no-such-token", environment }).sites.list(), 401);
    await refused(items.createItem(this.collection, { fieldData: { name: "Nought", nothing: 1 } }), 400);
  },
};

(async () => {
  const story = {};
  for (const [name, step] of Object.entries(steps)) {
    await step.call(story);
    console.log(name);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
