// The harness must notice what it is there for: each fault is planted and has to be found.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { expectAccessible, violations } from "../lib/axe.mjs";
import { launch, MODES, openPage } from "../lib/browser.mjs";
import { expectNoSidewaysScroll, screenshot, watch } from "../lib/checks.mjs";

const page = (body, head = "") => `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>試験</title>
<meta name="viewport" content="width=device-width, initial-scale=1">${head}</head>
<body><main>${body}</main></body></html>`;

const PAGES = {
  "/good": page('<h1>届出</h1><form><label for="a">製品名</label><input id="a" name="a"></form>'),
  "/unlabelled": page('<h1>届出</h1><form><input name="a"></form>'),
  "/wide": page("<h1>届出</h1><pre>" + "長い行".repeat(500) + "</pre>"),
  "/inline": page('<h1 style="color: red">届出</h1>'),
  "/foreign": page('<h1>届出</h1><img alt="図" src="http://third-party.invalid/a.png">'),
  "/throws": page('<h1>届出</h1><script src="/throws.js"></script>'),
};

let browser;
let server;
let url;

before(async () => {
  server = createServer((request, response) => {
    const html = PAGES[request.url];
    const type = request.url.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(html || type === "text/javascript" ? 200 : 404, {
      "content-type": type,
      "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src *",
    });
    response.end(html ?? 'throw new Error("planted");');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function visit(path, mode = MODES[0]) {
  const tab = await openPage(browser, mode);
  const watcher = watch(tab, new URL(url).host);
  await tab.goto(url + path);
  return { tab, watcher };
}

test("a good page passes every check in every mode", async () => {
  for (const mode of MODES) {
    const { tab, watcher } = await visit("/good", mode);
    if (mode.javaScript) await expectAccessible(tab);
    await expectNoSidewaysScroll(tab);
    await screenshot(tab, `self-good-${mode.name}`);
    watcher.expectNothing();
  }
});

test("an unlabelled field is found, in Japanese", async () => {
  const { tab } = await visit("/unlabelled");
  const found = await violations(tab);
  assert.equal(found.length, 1, found.join("\n"));
  assert.match(found[0], /^label: .*[ぁ-ん]/);
});

test("a page wider than the window is found, with and without JavaScript", async () => {
  for (const mode of MODES) {
    const { tab } = await visit("/wide", mode);
    await assert.rejects(expectNoSidewaysScroll(tab), /px wide in a window of/);
  }
});

test("a broken content security policy is found, with and without JavaScript", async () => {
  for (const mode of MODES) {
    const { watcher } = await visit("/inline", mode);
    assert.match(watcher.notes.join("\n"), /Content Security Policy/);
  }
});

test("a request to another host is found", async () => {
  const { watcher } = await visit("/foreign");
  assert.match(watcher.notes.join("\n"), /request to another host: third-party\.invalid/);
});

test("an exception in a script is found, and a missing page on purpose is no fault", async () => {
  const { watcher } = await visit("/throws");
  assert.deepEqual(watcher.notes, ["script: planted"]);
  const missing = await visit("/nowhere");
  missing.watcher.expectNothing();
});
