import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { stepUp } from "../lib/login.mjs";
import { Trail } from "../lib/trail.mjs";

/** Fills the day and time of a field. */
async function fillMoment(page, name, day, hour, minute) {
  const parts = { year: day, month: "", day: "", hour, minute };
  for (const [part, text] of Object.entries(parts)) await page.locator(`[name="${name}.${part}"]`).fill(text);
}

journey(
  "the network is down: a report told by telephone with a code is taken down, filed at its hour, and confirmed later",
  { role: "kanto.meti.tanto" },
  async ({ page, server, settled, login, enter }) => {
    const { page: operator, settled: seen } = await enter("denki.shonin");
    await operator.goto(`${server.url}/account/telephone-codes`);
    await press(operator, operator.locator('main form[method="post"] button[type="submit"]').first());
    const codes = await operator.locator("main code.secret").allInnerTexts();
    assert.equal(codes.length, 5);
    await seen("telephone-codes");

    const trail = new Trail();
    await page.goto(`${server.url}/desk`);
    await press(page, page.getByRole("link", { name: "電話等で受けた報告を入力する" }));
    await settled("entries-empty");
    await press(page, page.getByRole("link", { name: "受けた報告を入力する" }));
    await press(page);
    assert.match(await page.title(), /^エラー：/);
    await settled("entry-facts-errors");
    await page.locator("#f-operator").selectOption({ label: "東都電力送配電株式会社" });
    await fillMoment(page, "received_at", "令和8年11月20日", "3", "40");
    await page.locator("#f-caller_name").fill("髙橋 𠮷江");
    await page.locator("#f-caller_department").fill("情報システム部");
    await page.locator("#f-caller_phone").fill("03-0000-0000");
    await page.locator("#f-code").fill("0000 0000 0000");
    await fillMoment(page, "aware_at", "令和8年11月20日", "3", "17");
    await page.locator("#f-source").fill("当直が身代金を求める画面に気付いた。");
    await page.locator('input[name="sheet"][value="form2_ransomware"]').check();
    await page.locator("#f-title").fill("監視端末のランサムウェア");
    await press(page);
    assert.match(await page.locator("main").innerText(), /使えないコードです/);
    await page.locator("#f-code").fill(codes[0]);
    await press(page);
    assert.match(page.url(), /\/desk\/entries\/[0-9a-f-]{36}$/);
    trail.follow(page);
    const entry = page.url();
    assert.equal(await page.locator('[name="contact_name"]').inputValue(), "髙橋 𠮷江", "nothing is asked twice");
    await settled("entry-report");

    await press(page, page.locator('button[name="then"][value="files"]'));
    await page.locator('input[type="file"]').setInputFiles({
      name: "聞き取りメモ.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("聞き取った内容の写し\n"),
    });
    await press(page, page.getByRole("button", { name: "ファイルを添付する" }));
    assert.match(await page.locator("main").innerText(), /聞き取りメモ\.txt/);
    await settled("entry-files");

    await page.goto(`${entry}/check`);
    const missing = await page.locator("#problems + ul li").count();
    assert.ok(0 < missing, "items 1 and 2 are not complete yet");
    await settled("entry-check-problems");
    await page.goto(entry);
    await page.locator('[name="address"]').fill("東京都千代田区霞が関1-1");
    await press(page, page.locator('button[name="then"][value="check"]'));
    await settled("entry-check");
    const file = () => page.getByRole("button", { name: "事業者の速報として提出する" });
    await press(page, file());
    if (new URL(page.url()).pathname === "/step-up") {
      await stepUp(page, login);
      await page.waitForURL((now) => now.pathname !== "/step-up");
      await press(page, file());
    }
    assert.match(page.url(), /\/filings\/[0-9a-f-]{36}$/);
    trail.follow(page);
    const filing = page.url();
    const shown = await page.locator("main").innerText();
    assert.match(shown, /11月20日（?[^）]*）? ?3時40分|11月20日[\s\S]*3:40|11月20日[\s\S]*03:40/);
    assert.match(shown, /電話報告コードで確認した/);
    assert.match(shown, /確認待ち/);
    await settled("entry-filed");

    await operator.goto(server.url);
    await press(operator, operator.getByRole("link", { name: /関東経済産業局が受けた報告/ }));
    await seen("entry-answer");
    await operator.locator('input[name="verdict"][value="to_correct"]').check();
    await press(operator, operator.getByRole("button", { name: "回答する" }));
    assert.match(await operator.title(), /^エラー：/);
    await operator.locator("#f-note").fill("部署名が違います。訂正を提出します。");
    await press(operator, operator.getByRole("button", { name: "回答する" }));
    assert.match(await operator.locator("#entry").innerText(), /報告したが、誤りがある[\s\S]*部署名が違います/);
    await operator.goto(`${server.url}/cases`);
    await press(operator, operator.getByRole("link", { name: "監視端末のランサムウェア" }));
    await seen("entry-case");

    await page.goto(`${server.url}/desk/entries`);
    assert.match(await page.locator("main table").innerText(), /報告したが、誤りがある/);
    await settled("entries");
    await page.goto(filing);
    const { page: stranger } = await enter("gas.shonin");
    await trail.expectNothingFor(stranger, server.url);
  },
);
