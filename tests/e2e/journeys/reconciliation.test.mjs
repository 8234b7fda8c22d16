import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";

const HEADINGS = "製品名,メーカー,設備名,設備の種類,号,区分,導入日";
const LIST = [
  HEADINGS,
  "棚卸し専用機 TN-1,架空電機株式会社,中央給電指令所システム,中央給電指令所の設備,二号(iii),機器,2026-11-02",
  "棚卸し専用機 TN-2,架空電機株式会社,中央給電指令所システム,中央給電指令所の設備,二号(iii),機器,",
].join("\r\n");

journey(
  "an operator compares the register with a list, sets a difference aside and goes on to notify another",
  { role: "compliance" },
  async ({ page, visit, settled, server }) => {
    await visit("/");
    assert.match(await page.locator("main").innerText(), /台帳の照合：差異/);
    await visit("/computers/import");
    await page.locator("#f-files").setInputFiles([
      { name: "棚卸し.csv", mimeType: "text/csv", buffer: Buffer.from(LIST) },
    ]);
    await press(page, page.locator('main form button[type="submit"]').first());
    await visit("/computers/reconciliation");
    assert.match(await page.locator("main").innerText(), /未届出/);
    await settled("reconcile-list");
    const choice = page.locator("#f-inventory");
    await choice.selectOption({ index: 1 });
    await press(page, page.locator('main form:has(#f-inventory) button[type="submit"]'));
    assert.match(await page.locator("main").innerText(), /一覧にあり、台帳にない（2）/);

    await visit("/computers/reconciliation?kind=inventory_only");
    await settled("reconcile-kind");
    await page.getByRole("link", { name: "棚卸し専用機 TN-2" }).click();
    await page.waitForURL(/\/computers\/reconciliation\/[0-9a-f-]{36}$/);
    assert.match(await page.locator("main").innerText(), /見つけた日から数えた目安/);
    await press(page);
    await settled("reconcile-reason-missing");
    await page.locator("#f-reason").fill("倉庫の予備機で、設備に接続していません。");
    await press(page);
    assert.match(await page.locator("main").innerText(), /対応不要とした/);
    await settled("reconcile-set-aside");

    await visit("/computers/reconciliation?kind=inventory_only");
    assert.doesNotMatch(await page.locator("main").innerText(), /TN-2/);
    const answer = await page.request.get(`${server.url}/computers/reconciliation/table.csv?kind=inventory_only`);
    assert.match(await answer.text(), /棚卸し専用機 TN-1/);

    await visit("/computers/reconciliation?kind=changed");
    await page.locator("main table a").first().click();
    await settled("reconcile-changed");
    await page.getByRole("link", { name: "この届出を作る" }).click();
    await page.waitForURL(/\/notifications\/change\/check/);
    await settled("reconcile-check");
  },
);
