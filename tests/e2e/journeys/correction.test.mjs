import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { addComputer } from "../lib/register.mjs";
import { Trail } from "../lib/trail.mjs";

const MAIN = 'main form[method="post"] .actions button[type="submit"]';

/** Opens a filing from the list of the desk. */
async function openFromDesk(page, url, number) {
  await page.goto(`${url}/desk?state=all`);
  await press(page, page.getByRole("link", { name: number }));
}

journey(
  "the desk asks about a field, the operator answers in place, and the new version is checked and forwarded",
  { role: "compliance" },
  async ({ page, server, enter }) => {
    const trail = new Trail();
    await addComputer(page, server.url, { unit: "appliance_hw", product: "UTM-900", maker: "髙田電機株式会社" });
    const { page: approver, settled: answers } = await enter("approver");
    trail.follow(approver);
    await approver.goto(`${server.url}/notifications/new`);
    await press(approver, approver.locator('main form button[type="submit"]').first());
    await press(approver, approver.locator('main form[action$="/file"] button[type="submit"]'));
    await approver.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt/);
    const first = approver.url().replace(/\/receipt$/, "");
    const number = /TD-2026-[\dA-Z-]+/.exec(await approver.locator("main").innerText())[0];

    // Not forwarded yet: for the Cabinet Office there is nothing.
    const { page: cabinet, settled: analyst } = await enter("cabinet_analyst");
    assert.equal((await cabinet.goto(first)).status(), 404);

    const { page: desk, settled: officer } = await enter("desk_officer");
    trail.follow(desk);
    await openFromDesk(desk, server.url, number);
    await officer("correction-filing");
    await press(desk, desk.locator("main .summary__row", { hasText: "UTM-900" }).getByRole("link"));
    assert.match(await desk.locator("main").innerText(), /UTM-900/);
    await press(desk, desk.locator(MAIN));
    assert.match(await desk.title(), /^エラー：/);
    await officer("correction-request-empty");
    await desk.locator("#f-text").fill("型番の末尾まで記載してください。");
    await press(desk, desk.locator(MAIN));
    assert.match(await desk.locator("main").innerText(), /回答を待っています。/);
    await officer("correction-asked");

    await approver.goto(server.url);
    assert.match(await approver.locator("main").innerText(), new RegExp(`${number} の補正`), "the home page says it first");
    await approver.goto(`${server.url}/corrections`);
    await answers("correction-list");
    await press(approver, approver.locator("main li", { hasText: "型番の末尾" }).getByRole("link"));
    await answers("correction-answer");
    await approver.locator("#f-value").fill("UTM-900");
    await approver.locator("#f-text").fill("変えていない");
    await press(approver, approver.locator(MAIN));
    assert.match(await approver.title(), /^エラー：/, "an answer that changes nothing is refused");
    await answers("correction-answer-same");
    await approver.locator("#f-value").fill("UTM-900/𠮷 rev.Ｂ");
    await approver.locator("#f-text").fill("型番の末尾を補いました。");
    await press(approver, approver.locator(MAIN));
    await approver.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt/);
    const second = approver.url().replace(/\/receipt$/, "");
    assert.notEqual(second, first);
    await answers("correction-receipt");

    await desk.goto(first);
    assert.match(await desk.locator("main").innerText(), /型番の末尾を補いました。/);
    await officer("correction-answered");
    await press(desk, desk.getByRole("link", { name: "新しい版を開く" }));
    assert.equal(desk.url(), second);
    await press(desk, desk.getByRole("link", { name: "版の違いを見る" }));
    await officer("correction-history");
    const before = await desk.locator("del").allInnerTexts();
    const after = await desk.locator("ins").allInnerTexts();
    assert.ok(before.includes("UTM-900") && after.includes("UTM-900/𠮷 rev.Ｂ"), `${before} → ${after}`);

    await desk.goto(`${second}/check`);
    await desk.locator('input[name="result"][value="meets"]').check();
    await officer("correction-check");
    await press(desk, desk.locator(MAIN));
    assert.match(await desk.locator("main").innerText(), /形式要件を満たす/);
    await press(desk, desk.getByRole("link", { name: "内閣総理大臣へ通知する" }));
    await officer("correction-forward");
    await press(desk, desk.locator(MAIN));
    await officer("correction-forwarded");

    assert.equal((await cabinet.goto(second)).status(), 200);
    assert.match(await cabinet.locator("main").innerText(), /UTM-900\/𠮷 rev\.Ｂ/);
    await analyst("correction-cabinet");
    await approver.goto(`${second}/receipt`);
    assert.match(await approver.locator("main").innerText(), /通知したことを証明します/);

    const { page: stranger } = await enter("gas.shonin");
    await trail.expectNothingFor(stranger, server.url, /^\/step-up/);
    const { page: otherDesk } = await enter("mlit.tanto");
    await trail.expectNothingFor(otherDesk, server.url, /^\/step-up/);
  },
);
