// Buttons that call the control interface, requests as they come, and copying. Pages can be read without it.
"use strict";
(() => {
  const main = document.getElementById("main");
  const control = main.dataset.control;
  const KEPT = "fake-webflow acts";

  const make = (tag, values = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...children);
    return made;
  };
  const read = () => JSON.parse(sessionStorage.getItem(KEPT) || "[]");

  // A button's form says what it does: a method, and a path below the shown world's control interface, or with // below
  // /_fake. Fields that the path names go there, all others into the body, by dotted names.
  const READERS = {
    number: Number,
    json: JSON.parse,
    list: (text) => [text],
    limit: (text) => (text === "off" ? null : Number(text)),
  };
  const plan = (form) => {
    const values = new Map();
    for (const field of form.elements) if (field.name && field.value !== "") values.set(field.name, field);
    const unnamed = form.dataset.unnamed && values.size === 0;
    const [method, template] = (unnamed ? form.dataset.unnamed : form.dataset.act).split(" ");
    const path = template.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values.get(name)?.value ?? "";
      values.delete(name);
      return encodeURIComponent(value);
    });
    const body = {};
    for (const [name, field] of values) {
      const parts = name.split(".");
      const last = parts.pop();
      const place = parts.reduce((found, part) => (found[part] ??= {}), body);
      place[last] = (READERS[field.dataset.type] || String)(field.value);
    }
    const sent = method === "GET" || method === "DELETE" ? null : JSON.stringify(body);
    return { method, url: location.origin + (path.startsWith("//") ? "/_fake" + path.slice(1) : control + path), sent };
  };
  const quote = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);
  const curl = ({ method, url, sent }) =>
    [
      `curl -X ${method} ${quote(url)}`,
      main.dataset.asks === "yes" ? '-H "X-Fake-Webflow-Control: $CONTROL_TOKEN"' : "",
      sent === null ? "" : `-H 'Content-Type: application/json' -d ${quote(sent)}`,
    ].filter(Boolean).join(" ");

  const act = async (form) => {
    let output = form.querySelector("output");
    if (!output) form.append((output = make("output")));
    output.textContent = "";
    try {
      const planned = plan(form);
      const answer = await fetch(planned.url, {
        method: planned.method,
        headers: { "Content-Type": "application/json" },
        body: planned.sent ?? undefined,
      });
      if (!answer.ok) {
        const said = await answer.json();
        throw new Error(said.message || `status ${answer.status}`);
      }
      const done = { label: form.querySelector("button").textContent, status: answer.status, line: curl(planned) };
      sessionStorage.setItem(KEPT, JSON.stringify([done, ...read()].slice(0, 5)));
      if (form.dataset.then) location.assign(form.dataset.then);
      else location.reload();
    } catch (error) {
      output.textContent = error instanceof SyntaxError ? `This is not JSON: ${error.message}` : error.message;
    }
  };
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.act === undefined) return;
    event.preventDefault();
    act(event.target);
  });
  for (const button of document.querySelectorAll("form.act button")) button.disabled = false;

  const addCopying = (block) => {
    if (!navigator.clipboard) return;
    const button = make("button", { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy ${block.getAttribute("aria-label")}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    const wrapper = make("div", { className: "copyable" });
    block.replaceWith(wrapper);
    wrapper.append(block, button);
  };

  const acts = document.getElementById("acts");
  for (const [number, done] of read().entries()) {
    acts.hidden = false;
    const line = make("pre", { className: "code", textContent: done.line, tabIndex: 0 });
    line.setAttribute("data-copy", "");
    line.setAttribute("aria-label", `${done.label}, ${number + 1}`);
    acts.querySelector("ol").append(make("li", {}, make("b", { textContent: done.label }), ` ${done.status}`, line));
  }
  for (const block of document.querySelectorAll("pre[data-copy]")) addCopying(block);

  // The menu of worlds closes as menus do.
  const menu = document.querySelector("details.world");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });

  // Requests as they come.
  const table = document.getElementById("requests");
  const live = document.getElementById("live");
  if (!table || !live) return;
  const { base, shown, operation } = table.dataset;
  let last = Number(table.dataset.last);
  const MOST_ROWS = 200;
  const tone = (status) => ({ 2: "good", 3: "good", 4: "warn" })[Math.floor(status / 100)] || "bad";
  const count = (id, more) => {
    const place = document.getElementById(id);
    place.textContent = (Number(place.textContent.replaceAll(",", "")) + more).toLocaleString("en");
  };
  const small = (text) => (text ? [make("small", { className: "why", textContent: text })] : []);
  const makeRow = (one) => {
    const query = Object.entries(one.query).map((pair) => pair.join("=")).join("&");
    const time = make("time", { dateTime: one.time, title: one.time, textContent: one.time.slice(11, 23) });
    const link = make("a", { href: `${base}/requests/${one.number}` });
    link.append(make("b", { className: "method", textContent: one.method }), " ", ...one.path.split("/").flatMap((part, place) => (place ? [make("wbr"), `/${part}`] : [part])));
    if (query) link.append(make("span", { className: "quiet", textContent: `?${query}` }));
    const status = make("span", { className: `chip ${tone(one.status)}`, textContent: one.status || "no answer" });
    return make("tr", { className: "new" },
      make("td", { className: "time" }, time),
      make("td", { className: "what" }, link, ...small(one.clauses.join(", ")),
        ...small(one.fault && `fault: ${one.fault}`), ...small(one.stubbed && "by a stub")),
      make("td", { className: "operation", textContent: one.operation || "none" }),
      make("td", { className: "status" }, status),
      make("td", { className: "ms right", textContent: one.milliseconds.toFixed(1) }));
  };
  const poll = async () => {
    const answer = await fetch(`${control}/journal?after=${last}&limit=100`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const found = await answer.json();
    last = found.last;
    const isFailed = (one) => one.status === 0 || one.status >= 400;
    count("count", found.exchanges.length);
    count("failed", found.exchanges.filter(isFailed).length);
    const rows = table.tBodies[0];
    for (const one of found.exchanges) {
      if (shown === "failed" && !isFailed(one)) continue;
      if (operation && one.operation !== operation) continue;
      rows.prepend(makeRow(one));
      document.getElementById("none").hidden = true;
    }
    while (rows.rows.length > MOST_ROWS) rows.lastElementChild.remove();
  };
  const tick = async () => {
    const isOn = live.getAttribute("aria-pressed") === "true";
    if (isOn && !document.hidden) {
      try { await poll(); } catch { live.setAttribute("aria-pressed", "false"); }
    }
    setTimeout(tick, 1000);
  };
  live.disabled = false;
  live.setAttribute("aria-pressed", "true");
  live.addEventListener("click", () => {
    live.setAttribute("aria-pressed", String(live.getAttribute("aria-pressed") !== "true"));
  });
  tick();
})();
