// What a hostile page tries against a served fake, with all that it could know of it. Answers what it could read.
async function attack({ target, token, controls, collection, form }) {
  const known = [{}, { Authorization: `Bearer ${token}` }, ...controls.map((one) => ({ "X-Fake-Webflow-Control": one }))];
  const items = `/v2/collections/${collection}/items`;
  const item = JSON.stringify({ fieldData: { name: "written by the hostile page" } });
  const read = [];

  async function ask(path, options) {
    try {
      const answer = await fetch(target + path, { credentials: "include", ...options });
      if (answer.type !== "opaque") read.push({ path, status: answer.status, text: await answer.text() });
    } catch (error) {
      // The browser did not let it through, as it should be.
    }
  }

  for (const headers of known) {
    for (const path of ["/", "/content", "/requests/1", "/v2/sites", items, "/_fake/state", "/_fake/journal", "/_fake/forks", "/_fake"]) {
      await ask(path, { headers });
      await ask(path, { mode: "no-cors" });
    }
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      for (const mode of ["cors", "no-cors"]) {
        const sent = { mode, headers: { ...headers, "Content-Type": type } };
        await ask(items, { method: "POST", body: item, ...sent });
        await ask("/_fake/reset", { method: "POST", body: "{}", ...sent });
        await ask("/_fake/forks", { method: "POST", body: "{}", ...sent });
        await ask("/_fake/clock/advance", { method: "POST", body: '{"seconds": 999}', ...sent });
      }
    }
    await ask("/_fake/reset", { method: "POST", headers });
    await ask("/_fake/reset", { method: "POST", mode: "no-cors" });
    await ask("/_fake/journal", { method: "DELETE", headers });
  }
  const upload = new FormData();
  for (const [name, value] of Object.entries(form)) upload.append(name, value);
  upload.append("file", new Blob(["<svg/>"]), "x.svg");
  await ask("/s3/webflow-prod-assets", { method: "POST", mode: "no-cors", body: upload });
  for (const type of ["application/json", "text/plain"]) {
    navigator.sendBeacon(`${target}/_fake/reset`, new Blob(["{}"], { type }));
  }

  await Promise.all([
    send("/_fake/reset", {}, "application/x-www-form-urlencoded"),
    send("/_fake/reset", { '{"a": "': '"}' }, "text/plain"),
    send(items, { '{"fieldData": {"name": "': 'written by a form"}}' }, "text/plain"),
    send("/_fake/sign-in", { token: "guessed" }, "application/x-www-form-urlencoded"),
  ]);
  for (const path of ["/", "/_fake/state", "/_fake/journal"]) {
    await Promise.all([embed("iframe", path, "src"), embed("script", path, "src"), embed("object", path, "data")]);
  }
  return read;

  // Posts a form into a frame, as pages may anywhere.
  function send(path, fields, type) {
    const made = document.createElement("form");
    Object.assign(made, { action: target + path, method: "post", enctype: type, target: `frame ${path} ${type}` });
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      made.append(input);
    }
    const frame = document.createElement("iframe");
    frame.name = made.target;
    document.body.append(frame, made);
    return settle(frame, () => made.submit());
  }

  // Shows an answer within this page, and looks into it.
  async function embed(tag, path, place) {
    const made = document.createElement(tag);
    await settle(made, () => {
      made[place] = target + path;
      document.body.append(made);
    });
    try {
      const text = made.contentDocument?.documentElement.textContent;
      if (text) read.push({ path, status: tag, text });
    } catch (error) {
      // Of another origin.
    }
  }

  function settle(element, begin) {
    return new Promise((done) => {
      element.onload = element.onerror = done;
      setTimeout(done, 2000);
      begin();
    });
  }
}
