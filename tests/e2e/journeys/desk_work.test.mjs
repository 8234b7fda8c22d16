import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { Trail } from "../lib/trail.mjs";

journey(
  "the desk shares its work: handlers for many at once, a filter kept by name, two reports side by side, handing on",
  { role: "kanto.meti.tanto" },
  async ({ page, server, settled, enter }) => {
    const trail = new Trail();
    await page.goto(`${server.url}/desk`);
    await press(page, page.getByRole("link", { name: "この画面の全件を選ぶ" }));
    const rows = await page.locator('main input[name="filing"]').count();
    assert.ok(rows > 1);
    assert.equal(await page.locator('main input[name="filing"]:checked').count(), rows);
    const me = "担当 一郎";
    await page.locator("#f-person").selectOption({ label: me });
    await press(page, page.getByRole("button", { name: "選んだものの担当者を決める" }));
    assert.match(await page.locator("main").innerText(), /担当者を記録しました/);
    await settled("desk-assigned");
    const handled = await page.locator('main td[data-label="担当者"]').allInnerTexts();
    assert.deepEqual([...new Set(handled.map((text) => text.trim()))], [me.trim()]);

    await page.getByText("表示する範囲を選ぶ").click();
    await page.locator("#f-whose").selectOption("mine");
    await page.locator("#f-kind").selectOption("incident_prompt");
    await press(page, page.getByRole("button", { name: "絞り込む" }));
    await page.getByText("いまの絞り込みを保存する").click();
    await page.locator("#f-name").fill("自分の速報");
    await press(page, page.getByRole("button", { name: "絞り込みを保存する" }));
    await settled("desk-filter-kept");
    await page.goto(`${server.url}/desk`);
    await press(page, page.getByRole("link", { name: "自分の速報" }));
    const kinds = await page.locator('main td[data-label="種類"]').allInnerTexts();
    assert.deepEqual([...new Set(kinds.map((text) => text.trim()))], ["事案の報告（速報）"]);

    await page.goto(`${server.url}/desk?state=all&kind=incident_full`);
    await press(page, page.locator('main table a[href^="/filings/"]').first());
    const full = page.url();
    trail.follow(page);
    await settled("desk-full");
    await press(page, page.getByRole("link", { name: "並べて見る" }));
    await settled("desk-beside");
    assert.match(await page.locator("main").innerText(), /違いのある項目は \d+ 件です/);
    assert.ok((await page.locator('main td[data-label="違い"]').allInnerTexts()).some((text) => text.trim() === "追加"));
    await page.getByLabel("違いのある項目だけを表示する").check();
    await press(page, page.getByRole("button", { name: "表示する" }));
    await settled("desk-beside-differences");
    const same = await page.locator('main td[data-label="違い"]').allInnerTexts();
    assert.ok(same.length > 0 && same.every((text) => text.trim() !== "同じ"));

    await page.goto(full);
    await press(page, page.getByRole("link", { name: "担当者を決める" }));
    await settled("desk-handler");
    await page.goto(full);
    await press(page, page.getByRole("link", { name: "他の窓口へ回付する" }));
    await press(page, page.getByRole("button", { name: "回付する", exact: true }));
    assert.match(await page.title(), /^エラー：/);
    await settled("desk-transfer-errors");
    await page.getByLabel("経済産業省", { exact: true }).check();
    await page.locator("#f-reason").fill("本省で取り扱う事案のため");
    await press(page, page.getByRole("button", { name: "回付する", exact: true }));
    assert.equal(page.url(), full);
    assert.match(await page.locator("#transfers + section").innerText(), /関東経済産業局から経済産業省へ回付しました/);
    await settled("desk-transferred");
    const { page: stranger } = await enter("gas.shonin");
    await trail.expectNothingFor(stranger, server.url);
  },
);

journey("the desk's numbers are charts with tables, and files with a dictionary", { role: "desk_officer" }, async ({ page, server, settled }) => {
  await page.goto(`${server.url}/desk/statistics`);
  await settled("statistics");
  const text = await page.locator("main").innerText();
  assert.match(text, /6時間超24時間以内/);
  assert.match(text, /制度：/);
  assert.match(text, /時計：/);
  for (const path of ["/desk/statistics.csv", "/desk/statistics/dictionary.csv"]) {
    const answer = await page.request.get(server.url + path);
    assert.equal(answer.status(), 200);
    const bytes = await answer.body();
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], "UTF-8 with its mark, for Excel");
    assert.match(bytes.toString("utf8"), /\r\n/);
  }
});
