import assert from "node:assert/strict";

import { journey } from "../lib/journey.mjs";
import { addComputer } from "../lib/register.mjs";

journey(
  "an operator notifies three computers, one of them exempt and one by its ESPA filing",
  { role: "compliance" },
  async ({ page, server, settled, enter }) => {
    await addComputer(page, server.url, { unit: "appliance_hw", product: "UTM-900", maker: "髙田電機株式会社" });
    await settled("computer");
    await addComputer(page, server.url, {
      unit: "os",
      product: "Ｍｉｃｒｏｓｏｆｔ Windows",
      maker: "Microsoft Corporation",
    });
    await addComputer(
      page,
      server.url,
      { unit: "appliance_hw", product: "L3SW-48", maker: "北都情報機器株式会社" },
      async (form) => {
        await form.locator('input[name="exemption"][value="espa_substitute"]').check();
        const details = form.locator("details:has(#f-espa_document)");
        if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
        await form.locator("#f-espa_document").fill("導入等計画書 第24-0222号");
        await form.locator("#f-espa_same_name").check();
        await form.locator("#f-espa_same_supplier").check();
      },
    );
    const { page: approver, settled: seen } = await enter("approver");
    await approver.goto(`${server.url}/notifications/new`);
    await seen("notify-select");
    await approver.locator('main form button[type="submit"]').first().click();
    const checked = await approver.locator("main").innerText();
    assert.match(checked, /UTM-900/);
    assert.match(checked, /L3SW-48/);
    assert.match(checked, /経済産業省/);
    await seen("notify-check");
    await approver.locator('main form[action$="/file"] button[type="submit"]').click();
    await approver.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt/);
    await approver.getByRole("heading", { level: 1, name: "受領書" }).waitFor();
    assert.match(await approver.locator("main").innerText(), /TD-2026-/);
    await seen("notify-receipt");
    const filing = new URL(approver.url()).pathname;
    const { page: stranger } = await enter("gas.shonin");
    for (const path of [filing, filing.replace("/receipt", ""), filing.replace("/receipt", "/history")]) {
      const answer = await stranger.goto(server.url + path);
      assert.equal(answer.status(), 404, path);
    }
  },
);
