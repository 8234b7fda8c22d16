import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";

/** Computers of the register of the house. */
const COMPUTERS = 2400;
/** The machine that stands in all three files. */
const SAME = "SN-0001";

/** The register of the house: makers in every writing. */
function register() {
  const makers = ["フォーティネットジャパン合同会社", "ﾌｫｰﾃｨﾈｯﾄｼﾞｬﾊﾟﾝ(同)", "富士通株式会社", "㈱架空電機"];
  const products = ["FortiGate 60F", "ＦｏｒｔｉＧａｔｅ－６０Ｆ", "PRIMERGY RX2530", "架空ゲートウェイ KG-60"];
  const lines = ["管理番号,設備名,設備の種類,製品名,メーカー,号,区分,導入日"];
  for (let number = 1; number <= COMPUTERS; number += 1) {
    const kind = number % 4;
    const place = `架空変電所${number % 30}`;
    const serial = `SN-${String(number).padStart(4, "0")}`;
    lines.push(`${serial},${place},変電所の設備,${products[kind]},${makers[kind]},二号(iii),機器,2026-10-06`);
  }
  return lines.join("\r\n");
}

/** What the tool of the integrator exports. */
const EXPORT = `Serial Number,Model,Manufacturer\r\n${SAME},ＦｏｒｔｉＧａｔｅ－６０Ｆ,ﾌｫｰﾃｨﾈｯﾄｼﾞｬﾊﾟﾝ(同)\r\n`;

const SBOM = JSON.stringify({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: { component: { "bom-ref": "gw", type: "device", name: "FortiGate-60F", manufacturer: { name: "Fortinet Inc." } } },
  components: [{ "bom-ref": "lib", type: "library", name: "libexample" }],
});

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

journey(
  "an operator brings in 2,400 computers from three files, confirms each spelling once and has one receipt",
  { role: "compliance" },
  async ({ page, visit, settled, enter, server }) => {
    const main = async () => page.locator("main").innerText();
    await visit("/computers/import");
    await page.locator("#f-files").setInputFiles([
      csv("台帳.csv", register()),
      csv("cmdb.csv", EXPORT),
      { name: "sbom.json", mimeType: "application/json", buffer: Buffer.from(SBOM) },
    ]);
    await press(page, page.locator('main form button[type="submit"]').first());
    await page.waitForURL(/\/columns$/);
    await press(page, page.locator('main form .actions button[type="submit"]').first());
    await page.waitForURL(/\/computers\/import\/[0-9a-f-]{36}$/);
    const id = new URL(page.url()).pathname.split("/").pop();
    assert.match(await main(), new RegExp(`登録できます（${COMPUTERS}）`));
    assert.match(await main(), /重複（1）/);
    assert.match(await main(), /問題あり（1）/);

    await page.locator('input[name="row"]').first().check();
    await press(page, page.locator('button[name="do"][value="ask"]'));
    assert.match(await main(), /選んだ行：1 行/);
    await settled("import-class-asked");
    await page.locator('input[name="answer.part_of_facility"][value="yes"]').check();
    await press(page, page.locator('button[name="do"][value="ask"]'));
    await settled("import-class-decided");
    await press(page, page.locator('button[name="do"][value="apply"]'));
    await page.waitForURL(/\/computers\/import\/[0-9a-f-]{36}\?page=1$/);

    await visit(`/computers/import/${id}/names`);
    assert.match(await main(), /FortiGate-60F（1201 行）/);
    assert.equal(await page.locator('input[type="radio"][value="fortinet/fortinet.fortigate"]:checked').count(), 2);
    await settled("import-names");
    await press(page, page.locator('main form button[type="submit"]').first());
    await page.waitForURL(/\/names\?page=1$/);
    assert.match(await main(), /確認済みの書き方：3 種類、未確認：1 種類/);
    await visit(`/computers/import/${id}`);
    assert.match(await main(), /重複（2）/);
    assert.match(await main(), /問題あり（0）/);

    await visit(`/computers/import/${id}/confirm`);
    await press(page, page.locator('main form[action$="/confirm"] button[type="submit"]'));
    await page.waitForURL(/\/done$/, { timeout: 60_000 });
    assert.match(await main(), new RegExp(`${COMPUTERS}行`));

    const { page: approver } = await enter("approver");
    await approver.goto(`${server.url}/computers/import/${id}/done`);
    await approver.locator('main form[action$="/file"] button[type="submit"]').click();
    await approver.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt/, { timeout: 60_000 });
    assert.match(await approver.locator("main").innerText(), /TD-2026-/);

    const { page: stranger } = await enter("gas.shonin");
    for (const path of ["/names", "/progress"]) {
      const refused = await stranger.goto(`${server.url}/computers/import/${id}${path}`);
      assert.equal(refused.status(), 404, path);
    }
  },
);
