import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { readWorkbook, workbook } from "../lib/workbook.mjs";

const CLEAN = 300;

/** A table as operators keep it: a title over merged cells, two rows of headings, dates in every writing, and dirt. */
function table() {
  const rows = [
    ["特定重要電子計算機一覧（2026年12月現在）"],
    ["管理番号", "設備", "", "機器", "", "号", "区分", "導入日", "備考"],
    ["", "設備名", "設備の種類", "製品名", "メーカー", "", "", "", ""],
  ];
  const days = [{ day: 46301 }, "2026/10/06", "令和8年10月6日", "R8.10.6", "46301", "２０２６年１０月６日"];
  for (let number = 1; number <= CLEAN; number += 1) {
    rows.push([
      `A-${String(number).padStart(4, "0")}`,
      "架空給電指令所",
      "中央給電指令所の設備",
      number % 2 ? "ｹﾞｰﾄｳｪｲ　ＫＧ－６０" : { formula: 'D4&" 2"', result: "架空サーバ KS-10" },
      number % 3 ? "架空電機株式会社" : "㈱架空電機",
      "二号(iii)",
      "ﾊｰﾄﾞｳｪｱ",
      days[number % days.length],
      "",
    ]);
  }
  const place = ["架空給電指令所", "中央給電指令所の設備"];
  rows.push(["W-1", ...place, "Windows Server 2025", "日本マイクロソフト株式会社", "一号", "OS", { day: 46301 }, "対象外か確認"]);
  rows.push(["A-0001", ...place, "ゲートウェイ KG-60", "架空電機", "二号(iii)", "機器", { day: 46301 }, "二重に記載"]);
  rows.push(["B-1", ...place, "KG-61", "", "二号(iii)", "機器", "2026年10月", "=1+1"]);
  rows.push(["B-2", ...place, "KG-62", "架空電機", "FW", "機器", { day: 46301 }, ""]);
  rows.push([]);
  return workbook(rows, ["A1:I1", "A2:A3", "B2:C2", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:I3"], [
    ["製品名", "メーカー"],
    ["旧型", "架空電機"],
  ]);
}

const SBOM = JSON.stringify({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: { component: { "bom-ref": "gw", type: "device", name: "ゲートウェイ KG-60", manufacturer: { name: "架空電機株式会社" } } },
  components: [
    { "bom-ref": "lib", type: "library", name: "libexample" },
    { "bom-ref": "fan", type: "device", name: "冷却ファン" },
  ],
  dependencies: [{ ref: "lib", dependsOn: ["lib"] }],
});

journey(
  "an operator brings in a workbook of hundreds of computers and notifies them under one number",
  { role: "compliance" },
  async ({ page, visit, settled, enter, server }) => {
    await visit("/computers/import");
    await settled("import-list");
    await page.locator("#f-files").setInputFiles([
      { name: "台帳.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("PK, but no workbook") },
    ]);
    await press(page, page.locator('main form button[type="submit"]').first());
    assert.match(await page.locator("main").innerText(), /読み込めません/);
    await settled("import-refused");
    await page.locator("#f-files").setInputFiles([
      { name: "台帳.xlsx", mimeType: "application/octet-stream", buffer: table() },
      { name: "sbom.json", mimeType: "application/json", buffer: Buffer.from(SBOM) },
    ]);
    await press(page, page.locator('main form button[type="submit"]').first());
    await page.waitForURL(/\/columns$/);
    const columns = await page.locator("main").innerText();
    assert.match(columns, /数式のセル：150個/);
    assert.match(columns, /非表示のシート/);
    assert.match(columns, /ライブラリなど、届出の対象にならない部品：1件/);
    assert.match(columns, /「FW」（1行）/);
    await settled("import-columns");
    await page.locator('[id="f-word-0"]').selectOption("nigo_3");
    await press(page, page.locator('main form .actions button[type="submit"]').first());
    await page.waitForURL(/\/computers\/import\/[0-9a-f-]{36}$/);
    const id = new URL(page.url()).pathname.split("/").pop();
    const main = async () => page.locator("main").innerText();
    assert.match(await main(), new RegExp(`登録できます（${CLEAN + 1}）`));
    assert.match(await main(), /問題あり（1）/);
    assert.match(await main(), /重複（2）/);
    assert.match(await main(), /届出対象外（報告対象）（1）/);
    await settled("import-review");
    await visit(`/computers/import/${id}?state=problem`);
    assert.match(await main(), /製造者名がありません/);
    assert.match(await main(), /導入日に日がありません/);
    await settled("import-problems");

    const answer = await page.request.get(`${server.url}/computers/import/${id}/errors/0`);
    const { rows, formulas } = readWorkbook(await answer.body());
    assert.equal(formulas, 0);
    assert.equal(rows.at(2).at(-1), "エラー");
    const wrong = rows.filter((row) => row[0] === "B-1");
    assert.match(wrong[0].at(-1), /製造者名がありません/);
    assert.ok(wrong[0].includes("=1+1"));
    assert.ok(rows.some((row) => row[0] === "A-0001"));

    await page.locator('input[name="row"]').first().check();
    const more = page.locator("details:has(#f-maker)");
    if ((await more.getAttribute("open")) === null) await more.locator("summary").click();
    await page.locator("#f-maker").fill("架空電機株式会社");
    await page.locator("#f-introduced_on").fill("令和8年10月6日");
    await press(page, page.locator('button[name="do"][value="change"]'));
    await visit(`/computers/import/${id}`);
    assert.match(await main(), /問題あり（0）/);

    await visit(`/computers/import/${id}/confirm`);
    assert.match(await main(), /重複/);
    await settled("import-confirm");
    await press(page, page.locator('main form[action$="/confirm"] button[type="submit"]'));
    await page.waitForURL(/\/done$/);
    assert.match(await main(), new RegExp(`${CLEAN + 3}行`));
    await settled("import-done");

    const { page: approver, settled: seen } = await enter("approver");
    await approver.goto(`${server.url}/computers/import/${id}/done`);
    await seen("import-file");
    await approver.locator('main form[action$="/file"] button[type="submit"]').click();
    await approver.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt/);
    assert.match(await approver.locator("main").innerText(), /TD-2026-/);

    const { page: stranger } = await enter("gas.shonin");
    for (const path of ["", "/columns", "/confirm", "/done", "/errors/0"]) {
      const refused = await stranger.goto(`${server.url}/computers/import/${id}${path}`);
      assert.equal(refused.status(), 404, path);
    }
  },
);
