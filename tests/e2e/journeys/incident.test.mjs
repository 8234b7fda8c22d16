import assert from "node:assert/strict";

import { journey } from "../lib/journey.mjs";

async function submit(page, name) {
  await page.getByRole("button", { name }).first().click();
}

journey(
  "a near miss is reported at night, becomes an incident, and the desk sees both",
  { role: "csirt" },
  async ({ page, server, settled, enter }) => {
    await page.goto(`${server.url}/need-to-report`);
    await settled("need-to-report");
    await page.goto(`${server.url}/cases/new`);
    await page.locator('input[name="kind"][value="near_miss"]').check();
    await page.locator("#f-aware_at-year").fill("令和8年11月20日");
    await page.locator("#f-aware_at-hour").fill("3");
    await page.locator("#f-aware_at-minute").fill("17");
    await page.locator("#f-source").fill("当直が監視装置の警報に気付いた。");
    await page.locator("#f-title").fill("踏み台サーバーの不審な認証");
    await settled("case-new");
    await page.locator('main form .actions button[type="submit"]').first().click();
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
    await settled("case");
    const address = page.url().replace(/[?#].*/, "");
    await page.goto(`${address}/items/1`);
    await settled("case-item-1");
    await page.goto(`${address}/report/prompt`);
    await settled("case-check");
    assert.match(await page.locator("main").innerText(), /内閣府/);
  },
);
