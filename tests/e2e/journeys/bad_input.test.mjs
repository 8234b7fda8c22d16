import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MODES } from "../lib/browser.mjs";
import { fillItem, judge, openCase, press } from "../lib/case.mjs";
import { CommandLine } from "../lib/command_line.mjs";
import { changeDatabase } from "../lib/database.mjs";
import { journey } from "../lib/journey.mjs";
import { addComputer, fillComputer, registerButton } from "../lib/register.mjs";
import { freshCode } from "../lib/totp.mjs";

// The wide window with scripts and the narrow one without: what is refused is refused by the server.
const TWO = MODES.filter((mode) => ["js-1280", "nojs-320"].includes(mode.name));

const CASE = {
  kind: "incident",
  day: "2026/11/20",
  hour: "3",
  minute: "17",
  source: "当直が監視装置の警報に気付いた。",
  title: "踏み台サーバーの不審な認証",
};

const SAVE = 'main form button[name="then"][value="case"]';

/** What a person sees of an error: the title, the summary on top, and the sentence at the field. */
async function expectError(page, field, sentence) {
  assert.match(await page.title(), /^エラー：/);
  assert.match(await page.locator("[data-error-summary]").innerText(), sentence);
  assert.match(await page.locator(`#f-${field}-error`).innerText(), sentence);
}

journey("dates that cannot be are refused, and odd ones are questioned", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, settled } = walk;
  await page.goto(`${server.url}/cases/new`);
  await page.locator('input[name="kind"][value="incident"]').check();
  await page.locator("#f-aware_at-year").fill("２０９９");
  await page.locator("#f-aware_at-month").fill("１");
  await page.locator("#f-aware_at-day").fill("４");
  await page.locator("#f-aware_at-hour").fill("９");
  await page.locator("#f-aware_at-minute").fill("00");
  await page.locator("#f-source").fill(CASE.source);
  await page.locator("#f-title").fill(CASE.title);
  await press(page);
  await expectError(page, "aware_at", /未来の日時です/);
  assert.equal(await page.locator("#f-source").inputValue(), CASE.source, "nothing typed is lost");
  await settled("bad-future-awareness");

  // Thirty days from 20 November 2026 end on a Sunday: the limit is the Monday after, and both are shown.
  const address = await openCase(page, server.url, { ...CASE, day: "令和８年１１月２０日", hour: "３時17分", minute: "" });
  const limit = await page.locator("main").innerText();
  assert.match(limit, /2026年11月20日/, "an era day is read");
  assert.match(limit, /2026年12月21日/, "a closed last day moves on");
  await settled("bad-closed-day");

  await fillItem(page, address, 3, {
    occurred_at: { year: "R8.11.22", month: "", day: "", hour: "１２", minute: "０５" },
    detected_at: { year: "2026年11月21日", month: "", day: "", hour: "12", minute: "05" },
  });
  await page.goto(`${address}/report/prompt`);
  const check = await page.locator("main").innerText();
  assert.match(check, /2026年11月22日（日）12:05/, "era and full-width digits are shown as they were understood");
  assert.match(check, /検知した日時が、発生した日時より前です/);
  await settled("bad-reversed-dates");
});

journey("a corporate number is read in every writing, and a wrong check digit is named", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, settled } = walk;
  const address = await openCase(page, server.url, CASE);
  await page.goto(`${address}/items/2`);
  const right = await page.locator("#f-corporate_number").inputValue();
  const wrong = `${(Number(right[0]) % 9) + 1}${right.slice(1)}`;
  await page.locator("#f-corporate_number").fill(wrong);
  await press(page, page.locator(SAVE));
  await expectError(page, "corporate_number", /検査数字が合いません/);
  assert.equal(await page.locator("#f-corporate_number").inputValue(), wrong, "what was typed stays");
  await settled("bad-check-digit");
  const wide = [...right].map((digit) => String.fromCodePoint(digit.codePointAt(0) + 0xfee0)).join("");
  await page.locator("#f-corporate_number").fill(`${wide.slice(0, 4)} ${wide.slice(4, 9)}ー${wide.slice(9)}`);
  await press(page, page.locator(SAVE));
  await page.goto(`${address}/report/prompt`);
  const check = await page.locator("main").innerText();
  assert.ok(check.includes(right), "shown as it was understood");
});

journey("a long product name is refused and rare characters are kept", { role: "compliance", modes: TWO }, async (walk) => {
  const { page, server, settled } = walk;
  await page.goto(`${server.url}/computers/new`);
  const long = `${"境界防護装置".repeat(33)}第二型番号`;
  await fillComputer(page, { unit: "appliance_hw", product: long, maker: "北都情報機器株式会社" });
  await press(page, registerButton(page));
  await expectError(page, "product", /200文字以内/);
  assert.equal(await page.locator("#f-product").inputValue(), long);
  await settled("bad-long-product");
  const product = "𠮷野UTM🔥（葛󠄀城）";
  await addComputer(page, server.url, { unit: "appliance_hw", product, maker: "髙﨑電機㈱" });
  const shown = await page.locator("main").innerText();
  assert.ok(shown.includes(product) && shown.includes("髙﨑電機㈱"), shown);
  await settled("bad-rare-characters");
});

journey("an attachment is taken up to its limit and only as what it is", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, settled } = walk;
  const folder = mkdtempSync(join(tmpdir(), "noroshi-files-"));
  try {
    const file = (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const address = await openCase(page, server.url, CASE);
    const attach = async (path) => {
      await page.goto(`${address}/files`);
      await page.locator("#f-attachment").setInputFiles(path);
      await press(page);
    };
    const mebibytes = (count) => Buffer.concat([Buffer.from("time,line\n"), Buffer.alloc(count * 1024 * 1024 - 10, "0,a\n")]);
    await attach(file("全部の記録.csv", mebibytes(20)));
    assert.match(await page.locator("main").innerText(), /全部の記録\.csv\s+20\.0 MB/);
    await attach(file("多すぎる記録.csv", Buffer.concat([mebibytes(20), Buffer.from("0")])));
    await expectError(page, "attachment", /ファイルが大きすぎます。20\.0 MBまで/);
    await settled("bad-large-attachment");
    await attach(file("報告書.pdf", Buffer.concat([Buffer.from("MZ\u0090\0"), Buffer.alloc(600)])));
    await expectError(page, "attachment", /中身が、名前や種類と合っていません/);
    await attach(file("空.txt", ""));
    await expectError(page, "attachment", /空です/);
    await page.goto(`${address}/files`);
    assert.equal(await page.locator("main li.card").count(), 1, "only the first is kept");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

journey("a report that is sent twice is filed once", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, mode } = walk;
  const address = await openCase(page, server.url, CASE);
  await judge(page, server.url, address, "intruded");
  await fillItem(page, address, 1, { awareness_circumstances: CASE.source });
  await fillItem(page, address, 2, { contact_name: "髙橋　直人", contact_phone: "03-1234-5678" });
  await page.goto(`${address}/report/prompt`);
  const form = await page.locator('main form[method="post"] input[type="hidden"]').evaluateAll((all) =>
    Object.fromEntries(all.map((input) => [input.name, input.value])));
  const button = page.locator('main form[method="post"] .actions button[type="submit"]');
  if (mode.javaScript) await button.dblclick();
  else await button.click();
  await page.waitForURL(/\/receipt$/);
  const receipt = new URL(page.url()).pathname;
  // The same form again, as a browser sends it after 「もう一度送信」.
  const again = await page.request.post(`${address}/report/prompt`, { form, maxRedirects: 0 });
  assert.equal(again.status(), 303);
  assert.equal(again.headers().location, receipt);
  await page.goto(address);
  assert.equal(await page.getByRole("link", { name: "速報", exact: true }).count(), 1);
});

journey("two people who write in one field both see both texts", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, settled, enter } = walk;
  const address = await openCase(page, server.url, CASE);
  const shell = new CommandLine(server);
  const colleague = { organisation: "8000099000001", login: "denki.yakan", name: "夜間 花子", role: "csirt" };
  const { page: other } = await enter(shell.addPerson(colleague));
  shell.close();
  await page.goto(`${address}/items/3`);
  await other.goto(`${address}/items/3`);
  await other.locator("#f-summary").fill("夜間の当直が書いた概要");
  await press(other, other.locator(SAVE));
  await page.locator("#f-summary").fill("CSIRTが書いた概要");
  await page.locator("#f-chronology").fill("3:17 警報");
  await press(page, page.locator(SAVE));
  const shown = await page.locator("main").innerText();
  assert.match(shown, /夜間の当直が書いた概要/);
  assert.match(shown, /CSIRTが書いた概要/);
  await settled("bad-stale-edit");
  await press(page, page.getByRole("button", { name: "自分の入力で上書きする" }));
  await page.goto(`${address}/items/3`);
  assert.equal(await page.locator("#f-summary").inputValue(), "CSIRTが書いた概要");
  assert.equal(await page.locator("#f-chronology").inputValue(), "3:17 警報", "the other field was saved at once");
});

journey("what was typed when the session ended comes back after the login", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, login, server, settled } = walk;
  const address = await openCase(page, server.url, CASE);
  await page.goto(`${address}/items/3`);
  const text = "髙田電機の機器に不審な設定。\n𠮷野変電所は停止していない。";
  await page.locator("#f-summary").fill(text);
  // The session ends on the server, as it does when it has been idle too long.
  changeDatabase(server, "UPDATE session SET expires_at = 1");
  await press(page, page.locator(SAVE));
  await settled("bad-session-ended");
  await press(page, page.locator('main form button[type="submit"]').first());
  await settled("bad-session-login");
  await signInHere(page, login);
  await settled("bad-session-resumed");
  await press(page, page.locator('main form button[type="submit"]').first());
  await page.goto(`${address}/items/3`);
  assert.equal((await page.locator("#f-summary").inputValue()).replaceAll("\r\n", "\n"), text);
});

/** Logs in on the page that is open. */
async function signInHere(page, login) {
  await page.locator("#f-login").fill(login.login);
  await page.locator("#f-password").fill(login.password);
  await press(page, page.locator('main form button[type="submit"]').first());
  await page.locator('input[name="code"]').fill(await freshCode(login.totp_secret, new URL(page.url()).origin));
  await press(page, page.locator('main form button[type="submit"]').first());
}

journey("a draft on a form that changed is moved with notice and loses nothing", { role: "csirt", modes: TWO }, async (walk) => {
  const { page, server, settled } = walk;
  const address = await openCase(page, server.url, CASE);
  await fillItem(page, address, 3, { summary: "書きかけの概要" });
  changeDatabase(server, "UPDATE draft SET form_version = '2026-04-01.1'");
  await page.goto(address);
  assert.match(await page.locator("body").innerText(), /下書きの様式は使えなくなりました/);
  await settled("bad-form-gone");
  await press(page, page.getByRole("button", { name: "新しい様式に移す" }));
  assert.doesNotMatch(await page.locator("body").innerText(), /使えなくなりました/);
  await page.goto(`${address}/items/3`);
  assert.equal(await page.locator("#f-summary").inputValue(), "書きかけの概要");
});
