import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { fileReport, fillItem, judge, openCase, press } from "../lib/case.mjs";
import { CommandLine, downloadReceipts } from "../lib/command_line.mjs";
import { journey } from "../lib/journey.mjs";
import { Trail } from "../lib/trail.mjs";

const ITEM_3 = {
  occurred_at: { year: "2026", month: "11", day: "21", hour: "23", minute: "40" },
  detected_at: { year: "2026", month: "11", day: "22", hour: "2", minute: "55" },
  summary: "踏み台サーバーへの不審な認証のあと、髙田電機製の機器の設定が書き換えられた。𠮷野変電所は停止していない。",
  situation: "contained",
};

/** The receipt page once the log has the leaf; without JavaScript a person opens it again, too. */
async function receipts(page, shell) {
  await page.getByRole("heading", { level: 1, name: "受領書" }).waitFor();
  while (await page.getByText("受領の証明を準備しています").count()) await page.reload();
  return downloadReceipts(page, shell);
}

journey(
  "a near miss becomes an incident and is reported promptly, updated and in full, and the receipts prove it",
  { role: "csirt" },
  async ({ page, login, server, settled, enter }) => {
    const trail = new Trail();
    trail.follow(page);
    const address = await openCase(page, server.url, {
      kind: "near_miss",
      day: "令和8年11月20日",
      hour: "３",
      minute: "17",
      source: "当直が監視装置の警報に気付いた。",
      title: "踏み台サーバーの不審な認証",
    });
    await settled("report-case");
    await page.goto(`${address}/awareness/new`);
    await page.locator("#f-aware_at-year").fill("2026/11/22");
    await page.locator("#f-aware_at-hour").fill("3:17");
    await page.locator("#f-source").fill("設定が書き換えられたことを確かめた。");
    await settled("report-awareness");
    await press(page);
    const awareness = await page.locator("main").innerText();
    assert.match(awareness, /2026年11月20日/, "the near miss keeps its time");
    assert.match(awareness, /2026年11月22日/, "the incident has its own");

    await judge(page, server.url, address, "intruded");
    assert.match(await page.locator("main").innerText(), /特定侵害事象（法第2条第5項）/);

    await fillItem(page, address, 1, { awareness_circumstances: "監視の当直が警報を見て、記録を確かめて判断した。" });
    await fillItem(page, address, 2, { contact_name: "髙橋　直人", contact_phone: "０３－１２３４－５６７８" });
    await settled("report-tasks");
    await page.goto(`${address}/report/prompt`);
    assert.match(await page.locator("main").innerText(), /東都電力送配電株式会社/, "what the register knows is filled in");
    await settled("report-prompt-check");
    const prompt = await fileReport(page, address, "prompt", login);
    await settled("report-prompt-receipt");
    assert.match(await page.locator("main").innerText(), /関東経済産業局|経済産業省/);
    assert.match(await page.locator("main").innerText(), /内閣府/);

    // The team fills in, the approver files.
    const { page: approver, login: approves, settled: seen } = await enter("approver");
    trail.follow(approver);
    await fillItem(page, address, 3, ITEM_3, "investigating");
    const log = Buffer.from("time,event\n2026-11-21T23:40:00+09:00,login\n");
    await page.goto(`${address}/files`);
    await page.locator("#f-attachment").setInputFiles({ name: "認証記録.csv", mimeType: "text/csv", buffer: log });
    await press(page);
    await settled("report-files");
    await approver.goto(`${address}/report/update`);
    await seen("report-update-check");
    const update = await fileReport(approver, address, "update", approves);
    assert.match(await approver.locator("main").innerText(), /認証記録\.csv/);

    await approver.goto(`${address}/report/full`);
    assert.match(await approver.locator("main").innerText(), /提出するには、次の\d+件を直してください/);
    await seen("report-full-problems");
    // The full report answers every field; the law accepts that something is not known or does not apply.
    await fillItem(page, address, 3, ITEM_3, "unknown");
    for (const item of [4, 5, 6, 7]) await fillItem(page, address, item, {}, "not_applicable");
    await approver.goto(`${address}/report/full`);
    await seen("report-full-check");
    await fileReport(approver, address, "full", approves);
    await approver.goto(`${address}/history`);
    await seen("report-history");
    const history = await approver.locator("main").innerText();
    for (const kind of ["速報", "続報", "詳報"]) assert.match(history, new RegExp(kind));
    assert.match(history, /𠮷野変電所/);
    await approver.goto(address);
    await seen("report-done");

    const shell = new CommandLine(server);
    try {
      await page.goto(`${prompt}/receipt`);
      const early = await receipts(page, shell);
      assert.equal(early.length, 2, "one receipt of each authority that received the report");
      shell.trust();
      for (const receipt of early) {
        const { code, said } = shell.verify(receipt);
        assert.equal(code, 3, `valid and not yet witnessed: ${said}`);
      }
      shell.cosign();
      await page.goto(`${prompt}/receipt`);
      const later = await receipts(page, shell);
      for (const receipt of later) {
        const { code, said } = shell.verify(receipt);
        assert.equal(code, 0, `valid and witnessed: ${said}`);
        assert.equal(shell.verify(shell.altered(receipt, "東都電力送配電株式会社", "東部電力送配電株式会社")).code, 1);
      }
      // The receipt of the update binds the file, too.
      await approver.goto(`${update}/receipt`);
      const digest = createHash("sha256").update(log).digest("hex");
      for (const receipt of await receipts(approver, shell)) {
        assert.ok(readFileSync(receipt, "utf8").includes(digest));
        assert.equal(shell.verify(receipt).code, 0);
      }
    } finally {
      shell.close();
    }

    const { page: stranger } = await enter("gas.shonin");
    await trail.expectNothingFor(stranger, server.url, /^\/step-up/);
    const { page: otherDesk } = await enter("mlit.tanto");
    await trail.expectNothingFor(otherDesk, server.url, /^\/step-up/);
  },
);
