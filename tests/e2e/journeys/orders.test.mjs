import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { Trail } from "../lib/trail.mjs";

/** The operator of the sample whose people the journey signs in as. */
const OPERATOR = "東都電力送配電株式会社";
const MAIN = 'main form[method="post"] .actions button[type="submit"]';

/** A day as the three fields of a form take it. */
async function fillDay(page, name, year, month, day) {
  await page.locator(`#f-${name}-year`).fill(String(year));
  await page.locator(`#f-${name}-month`).fill(String(month));
  await page.locator(`#f-${name}-day`).fill(String(day));
}

journey(
  "the Minister orders a report, the operator opens and answers it, and the Minister ends it",
  { role: "desk_officer" },
  async ({ page: desk, server, settled: officer, enter }) => {
    const trail = new Trail();
    await desk.goto(`${server.url}/directives`);
    await officer("orders-empty");
    await press(desk, desk.getByRole("link", { name: "命令・求め等を発する" }).first());
    await officer("orders-kind");
    await desk.locator('input[name="kind"][value="order"]').check();
    await press(desk, desk.getByRole("button", { name: "次へ進む" }));
    await officer("orders-new");
    await press(desk, desk.locator(MAIN));
    assert.match(await desk.title(), /^エラー：/);
    await officer("orders-new-errors");
    await desk.locator("#f-operator").selectOption({ label: OPERATOR });
    await desk.locator('input[name="duty"][value="report"]').check();
    await desk.locator("#f-text").fill("令和8年11月20日に認知した事案について、\n法第5条の報告をしてください。");
    await desk.locator("#f-grounds").fill("報告がされていないため。");
    await desk.locator("#f-hearing").fill("令和8年11月24日に弁明の機会を付与しました。");
    await fillDay(desk, "due", 2030, 12, 2);
    await press(desk, desk.locator(MAIN));
    await officer("orders-check");
    assert.match(await desk.locator("main").innerText(), /2,000,000円/, "what a breach costs is said before");
    await press(desk, desk.getByRole("button", { name: "修正する" }));
    assert.match(await desk.locator("#f-text").inputValue(), /法第5条の報告/, "nothing typed is lost");
    await press(desk, desk.locator(MAIN));
    await press(desk, desk.getByRole("button", { name: "命令を発する" }));
    await desk.waitForURL(/\/directives\/[0-9a-f-]{36}$/);
    const address = desk.url();
    trail.follow(desk);
    assert.match(await desk.locator("main").innerText(), /未開封/);
    await officer("orders-issued");
    assert.ok((await desk.locator("main .summary").innerText()).includes(OPERATOR));

    const { page: approver, settled: answers } = await enter("approver");
    trail.follow(approver);
    await approver.goto(server.url);
    assert.match(await approver.locator("main").innerText(), /所管省庁からの命令・求め等/);
    await answers("orders-home");
    await press(approver, approver.locator('main a[href^="/directives/"]').first());
    assert.equal(approver.url(), address);
    await answers("orders-received");
    await press(approver, approver.locator("main").getByRole("link", { name: "回答する" }).first());
    await press(approver, approver.locator(MAIN));
    assert.match(await approver.title(), /^エラー：/);
    await approver.locator("#f-text").fill("本日、報告を提出しました。");
    await approver.locator("#f-filing_number").fill("HK-2026-2222-2222-2");
    await press(approver, approver.locator(MAIN));
    assert.match(await approver.locator("main").innerText(), /当たる届出・報告がありません/);
    await answers("orders-reply-errors");
    await approver.locator("#f-filing_number").fill("");
    await press(approver, approver.locator(MAIN));
    assert.match(await approver.locator("main").innerText(), /回答あり/);
    await answers("orders-answered");

    await desk.goto(address);
    assert.match(await desk.locator("main").innerText(), /本日、報告を提出しました。/);
    await press(desk, desk.getByRole("link", { name: "終了する" }));
    await desk.locator('input[name="outcome"][value="fulfilled"]').check();
    await officer("orders-close");
    await press(desk, desk.locator(MAIN));
    assert.match(await desk.locator("main").innerText(), /履行済み/);
    await officer("orders-ended");
    await approver.goto(address);
    assert.match(await approver.locator("main").innerText(), /履行済み/);
    assert.equal(await approver.getByRole("link", { name: "回答する" }).count(), 0);
    await desk.goto(`${server.url}/directives?show=all`);
    await officer("orders-list");

    const { page: stranger } = await enter("gas.shonin");
    await trail.expectNothingFor(stranger, server.url, /^\/(step-up|directives\/new)/);
    const { page: otherDesk } = await enter("mlit.tanto");
    await trail.expectNothingFor(otherDesk, server.url, /^\/(step-up|directives\/new)/);
  },
);
