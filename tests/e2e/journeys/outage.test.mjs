import assert from "node:assert/strict";

import { MODES } from "../lib/browser.mjs";
import { fillItem, openCase, press } from "../lib/case.mjs";
import { FullDisk } from "../lib/full_disk.mjs";
import { journey } from "../lib/journey.mjs";
import { Postgres, PROGRAMS } from "../lib/postgres.mjs";

const TWO = MODES.filter((mode) => ["js-1280", "nojs-320"].includes(mode.name));
const SAVE = 'main form button[name="then"][value="case"]';

const CASE = {
  kind: "incident",
  day: "2026/11/20",
  hour: "3",
  minute: "17",
  source: "当直が監視装置の警報に気付いた。",
  title: "踏み台サーバーの不審な認証",
};

/** Types, takes away what the server stands on, saves in vain, gives it back, and saves the same page again. */
async function typeThroughOutage({ page, server, settled, name, take, give }) {
  const address = await openCase(page, server.url, CASE);
  await fillItem(page, address, 1, { awareness_circumstances: "前に保存した内容" });
  await page.goto(`${address}/items/3`);
  const text = "髙田電機の機器に不審な設定。";
  await page.locator("#f-summary").fill(text);
  await take();
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest()),
    press(page, page.locator(SAVE)),
  ]);
  assert.equal(answer.status(), 503);
  const told = await page.locator("body").innerText();
  assert.match(told, /もう一度|しばらく/, "the page says what to do");
  assert.doesNotMatch(told, /SQL|sqlite|postgres|os error/i, "and nothing about the inside");
  await settled(`outage-${name}`);
  await give();
  await press(page, page.getByRole("button", { name: "同じ内容をもう一度送信する" }));
  await page.goto(`${address}/items/3`);
  assert.equal(await page.locator("#f-summary").inputValue(), text);
  await page.goto(`${address}/items/1`);
  assert.equal(await page.locator("#f-awareness_circumstances").inputValue(), "前に保存した内容");
}

function fullDisk() {
  const disk = new FullDisk();
  return { disk, environment: (data) => disk.environment(data), unavailable: true, close: () => disk.close() };
}

journey("a full disk is told, and what was typed is saved when there is room again", { role: "csirt", modes: TWO, around: fullDisk }, async (walk) => {
  const { disk } = walk.around;
  await typeThroughOutage({ ...walk, name: "full-disk", take: () => disk.fill(), give: () => disk.empty() });
});

async function postgres() {
  const database = await Postgres.start();
  return { database, args: ["--database", database.address], unavailable: true, close: () => database.close() };
}

journey(
  "a database that goes away is told, and what was typed is saved when it is back",
  { role: "csirt", modes: TWO, around: postgres, skip: PROGRAMS ? false : "NOROSHI_TEST_PG_PROGRAMS is not set" },
  async (walk) => {
    const { database } = walk.around;
    await typeThroughOutage({ ...walk, name: "no-database", take: () => database.stop(), give: () => database.revive() });
  },
);
