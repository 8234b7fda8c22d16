import assert from "node:assert/strict";

import { fileReport, fillItem, judge, openCase, press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { stepUp } from "../lib/login.mjs";

const MAIN = 'main form[method="post"] .actions button[type="submit"]';

/** The row of an addressee in the table. */
const row = (page, name) => page.locator("main tbody tr").filter({ has: page.locator(`th:has-text("${name}")`) });

/** Records what became of a submission whose page is open. */
async function happens(page, kind, note) {
  await page.locator(`input[name="kind"][value="${kind}"]`).check();
  await page.locator("#f-happened_at-hour").fill("4");
  await page.locator("#f-happened_at-minute").fill("10");
  await page.locator("#f-note").fill(note);
  await press(page, page.getByRole("button", { name: "応答を記録する" }));
}

journey(
  "after the prompt report at night the case shows who still lacks it, and what was told by telephone and by mail",
  { role: "csirt" },
  async ({ page, server, settled, login }) => {
    const address = await openCase(page, server.url, {
      kind: "incident",
      day: "令和8年11月20日",
      hour: "3",
      minute: "17",
      source: "当直が暗号化された画面に気付いた。",
      title: "監視サーバのランサムウェア",
    });
    await judge(page, server.url, address, "malware_ran");
    await fillItem(page, address, 2, { contact_name: "髙橋 𠮷江", contact_phone: "03-0000-0000", address: "東京都千代田区霞が関1-1" });
    await fillItem(page, address, 3, { personal_data: "suspected", summary: "監視サーバが暗号化された。" });
    await fileReport(page, address, "prompt", login);

    await page.goto(address);
    await press(page, page.getByRole("link", { name: "提出先を確認する" }));
    assert.match(await page.locator("main").innerText(), /未提出または未判断の提出先が/);
    assert.match(await row(page, "個人情報保護委員会").innerText(), /必要（義務）[\s\S]*第26条[\s\S]*3〜5日/);
    assert.match(await row(page, "特別社会基盤事業所管大臣").innerText(), /このポータル/);
    await settled("submissions-open");

    await press(page, row(page, "都道府県警察").getByRole("button", { name: "提出しない" }));
    assert.match(await row(page, "都道府県警察").innerText(), /不要/);

    await press(page, row(page, "個人情報保護委員会").getByRole("link", { name: "速報を用意する" }));
    assert.match(await page.locator("main").innerText(), /監視サーバが暗号化された。/, "the common form was not asked again");
    await page.locator('[name="privacy_commission.data_items"]').fill("氏名、住所、供給地点番号");
    await settled("submissions-commission");
    await press(page, page.getByRole("button", { name: "回答を保存する" }));
    assert.match(await page.locator("main").innerText(), /供給地点番号/);

    await press(page, page.getByRole("link", { name: "電話・窓口・他のポータルでの提出を記録する" }));
    await press(page, page.locator(MAIN));
    assert.match(await page.title(), /^エラー：/);
    await settled("submissions-manual-errors");
    await page.locator("#f-desk").fill("監視・監督室");
    await page.locator("#f-happened_at-year").fill("2026");
    await page.locator("#f-happened_at-month").fill("11");
    await page.locator("#f-happened_at-day").fill("20");
    await page.locator("#f-happened_at-hour").fill("4");
    await page.locator("#f-happened_at-minute").fill("5");
    await page.locator("#f-number").fill("個情-2026-0417");
    await press(page, page.locator(MAIN));
    assert.match(await row(page, "個人情報保護委員会").innerText(), /送付済[\s\S]*個情-2026-0417/);
    await settled("submissions-recorded");

    await press(page, row(page, "JPCERT").getByRole("button", { name: "提出する" }));
    await press(page, row(page, "JPCERT").getByRole("link", { name: "速報を用意する" }));
    await press(page, page.getByRole("link", { name: "メールで送る" }));
    if (new URL(page.url()).pathname === "/step-up") {
      await stepUp(page, login);
      await page.waitForURL((now) => now.pathname !== "/step-up");
    }
    assert.equal(new URL(page.url()).pathname.split("/").pop(), "mail");
    await page.locator("#f-desk").fill("インシデント対応窓口");
    await page.locator("#f-to").fill("madoguchi");
    await press(page, page.locator(MAIN));
    assert.match(await page.title(), /^エラー：/);
    await settled("submissions-mail-errors");
    await page.locator("#f-to").fill("madoguchi@jpcert.example");
    await press(page, page.locator(MAIN));
    assert.match(await page.locator("main").innerText(), /[a-z2-9]{5}(-[a-z2-9]{5}){3}/);
    await settled("submissions-password");
    await press(page, page.getByRole("link", { name: "提出先を確認する" }));
    assert.match(await row(page, "JPCERT").innerText(), /送信待ち/);
    await press(page, row(page, "JPCERT").getByRole("link", { name: "記録を見る" }));
    await page.waitForFunction(() => document.querySelector("main").innerText.includes("フォルダ") || (location.reload(), false), null, {
      polling: 1000,
    });
    assert.match(await page.locator("main").innerText(), /madoguchi@jpcert\.example/);
    assert.doesNotMatch(await page.locator("main").innerText(), /[a-z2-9]{5}(-[a-z2-9]{5}){3}/, "the password is shown once");
    await settled("submissions-mailed");
    await happens(page, "failed", "宛先不明で戻ってきた。");
    assert.match(await page.locator("main").innerText(), /未達[\s\S]*同じ宛先へ送り直す/);
    await settled("submissions-came-back");
    await press(page, page.getByRole("button", { name: "同じ宛先へ送り直す" }));
    await happens(page, "sent", "");
    assert.match(await page.locator("main").innerText(), /送付済/);

    await page.goto(`${address}/submissions`);
    await press(page, row(page, "個人情報保護委員会").getByRole("link", { name: "記録を見る" }));
    await settled("submissions-shown");
    await page.goto(server.url);
    assert.match(await page.locator("main").innerText(), /提出先の確認/);
    await settled("submissions-home");
  },
);
