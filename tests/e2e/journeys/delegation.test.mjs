import assert from "node:assert/strict";

import { fillItem, openCase, press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { signIn } from "../lib/login.mjs";
import { freshCode } from "../lib/totp.mjs";

const PASSWORD = "four herons cross the cold estuary";
const SECRET_TITLE = "踏み台サーバーの不審な認証";
const SUMMARY = "保守用の回線から、髙田電機製の機器に不審な認証があった。";

/** The person of a contractor sets up the account behind the link; returns the login. */
async function enrol(page, link, url) {
  await page.goto(link);
  const secret = (await page.locator("code.secret").textContent()).replace(/\s/g, "");
  await page.locator("#f-password").fill(PASSWORD);
  await page.locator("#f-again").fill(PASSWORD);
  await page.locator("#f-code").fill(await freshCode(secret, url));
  await page.locator('main form button[type="submit"]').first().click();
  await page.waitForURL((now) => now.pathname === "/login");
  return { login: "seiwa.sato", password: PASSWORD, totp_secret: secret };
}

journey(
  "a contractor fills one item of a case, sees nothing else, and what is typed when it ends is shown back",
  { role: "csirt" },
  async ({ page, server, settled, enter, outside }) => {
    const address = await openCase(page, server.url, {
      kind: "incident",
      day: "2026/11/22",
      hour: "3",
      minute: "17",
      source: "当直が警報を見た。",
      title: SECRET_TITLE,
    });
    await fillItem(page, address, 2, { contact_name: "髙橋　直人" });

    const admin = await enter("organisation_admin");
    await admin.page.goto(`${server.url}/delegations`);
    await admin.page.getByText("委託はありません。").waitFor();
    await admin.settled("delegations-empty");
    await admin.page.locator('main a[href="/delegations/new"]').click();
    await press(admin.page);
    assert.match(await admin.page.title(), /^エラー：/, "nothing was chosen");
    await admin.settled("delegation-errors");
    await admin.page.locator("#f-case").selectOption({ label: SECRET_TITLE });
    await admin.page.locator('input[name="sections"][value="3"]').check();
    await admin.page.locator('input[name="extent"][value="fill"]').check();
    await admin.page.locator("#f-until-year").fill("2027/03/31");
    await admin.page.locator("#f-reason").fill("保守の記録から、侵入の経路を記入してください。");
    await admin.page.locator("#f-company").fill("青和システム株式会社");
    await admin.page.locator("#f-name").fill("佐藤 恵");
    await admin.page.locator("#f-login").fill("seiwa.sato");
    await admin.settled("delegation-give");
    await press(admin.page);
    const link = (await admin.page.locator("code.secret").textContent()).trim();

    const { page: own, settled: ownSettled } = await outside();
    const login = await enrol(own, link, server.url);
    await signIn(own, server.url, login);
    await own.goto(`${server.url}/delegated`);
    assert.match(await own.locator("main").innerText(), /2027年3月31日（水）24時まで/);
    await ownSettled("delegated");
    await own.getByRole("link", { name: "保守の記録から" }).click();
    await own.waitForURL(/\/delegated\/[0-9a-f-]{36}$/);
    const held = own.url();
    await ownSettled("delegated-one");
    assert.doesNotMatch(await own.locator("body").innerText(), new RegExp(SECRET_TITLE), "nor what the case is called");
    await own.goto(`${held}/items/3`);
    await own.locator('[name="summary"]').first().fill(SUMMARY);
    await ownSettled("delegated-item");
    await press(own, own.locator("main form .actions button"));
    for (const closed of [`${held}/items/2`, address, `${address}/items/3`, `${server.url}/delegations`]) {
      const answer = await own.request.get(closed);
      assert.equal(answer.status(), 404, `${closed} is not there for a contractor`);
    }

    await page.goto(`${address}/items/3`);
    assert.equal(await page.locator("#f-summary").inputValue(), SUMMARY, "the operator has what the contractor wrote");

    await own.goto(`${held}/items/3`);
    await own.locator('[name="summary"]').first().fill("書きかけの続き。");
    await admin.page.goto(`${server.url}/delegations`);
    await admin.page.locator("main details summary").first().click();
    assert.match(await admin.page.locator("main").innerText(), /項目3/, "every look is told");
    await admin.settled("delegations-viewed");
    await press(admin.page, admin.page.locator('main form[action$="/end"] button'));
    await press(own, own.locator("main form .actions button"));
    const over = await own.locator("main").innerText();
    assert.match(over, /この依頼は終わりました|保存されていません/);
    assert.match(over, /書きかけの続き。/, "what was typed is shown back");
    assert.doesNotMatch(over, /summary/, "under the words of its question");
    await ownSettled("delegated-over");
    await page.goto(`${address}/items/3`);
    assert.equal(await page.locator("#f-summary").inputValue(), SUMMARY, "and stored nowhere");
  },
);
