import assert from "node:assert/strict";

import { journey } from "../lib/journey.mjs";
import { signIn } from "../lib/login.mjs";
import { freshCode } from "../lib/totp.mjs";

const FIRST = "walk the long harbour road";
const SECOND = "seven lamps above the quiet pier";

const submit = (page) => page.locator('main form button[type="submit"]').first().click();

journey("an administrator invites a person, who sets up the account, signs in and changes the password", {
  role: "organisation_admin",
}, async ({ page, visit, settled, outside, server }) => {
  await visit("/people");
  await settled("people");
  await page.locator('main a[href="/people/new"]').click();
  await page.locator("#f-name").fill("星野 健");
  await page.locator("#f-login").fill("denki.hoshino");
  await settled("people-invite");
  await submit(page);
  assert.match(await page.title(), /^エラー：/, "a person without a role is invited");
  await page.locator('input[name="roles"][value="viewer"]').check();
  await submit(page);
  const link = (await page.locator("code.secret").textContent()).trim();
  assert.ok(link.startsWith(`${server.url}/enrol?code=`), link);
  await settled("people-link");

  const { page: own, settled: ownSettled } = await outside();
  await own.goto(link);
  await own.getByRole("heading", { level: 1, name: "アカウントの設定" }).waitFor();
  await ownSettled("enrol");
  const secret = (await own.locator("code.secret").textContent()).replace(/\s/g, "");
  const setUp = async (password) => {
    await own.locator("#f-password").fill(password);
    await own.locator("#f-again").fill(password);
    await own.locator("#f-code").fill(await freshCode(secret, server.url));
    await submit(own);
  };
  await own.locator("#f-password").fill("charlie7charlie7");
  await own.locator("#f-again").fill("charlie7charlie7");
  await own.locator("#f-code").fill("000000");
  await submit(own);
  await own.getByText("流出したことのあるパスワード").first().waitFor();
  await ownSettled("enrol-common");
  await setUp(FIRST);
  await own.waitForURL((now) => now.pathname === "/login");

  const hoshino = { login: "denki.hoshino", password: FIRST, totp_secret: secret };
  // The code of the setup is spent, so the login waits for the next one.
  await signIn(own, server.url, hoshino);
  await own.goto(`${server.url}/account/password`);
  await own.locator("#f-current").fill(FIRST);
  await own.locator("#f-password").fill(SECOND);
  await own.locator("#f-again").fill(`${SECOND}.`);
  await submit(own);
  assert.match(await own.title(), /^エラー：/);
  await ownSettled("account-password-differs");
  await own.locator("#f-current").fill(FIRST);
  await own.locator("#f-password").fill(SECOND);
  await own.locator("#f-again").fill(SECOND);
  await submit(own);
  await own.getByText("パスワードを変更しました").first().waitFor();
  await ownSettled("account");

  // The old password is none any more, the new one leads on to the code.
  await own.context().clearCookies();
  await own.goto(`${server.url}/login`);
  await own.locator("#f-login").fill("denki.hoshino");
  await own.locator("#f-password").fill(FIRST);
  await submit(own);
  assert.match(await own.title(), /^エラー：/);
  await own.locator("#f-password").fill(SECOND);
  await submit(own);
  await own.locator('input[name="code"]').waitFor();

  await visit("/people");
  await page.getByText("denki.hoshino").first().waitFor();
});

journey("whoever runs the instance sees that nothing was given up and what arrived", {
  role: "instance_operator",
}, async ({ page, visit, settled }) => {
  await visit("/outbox");
  await page.getByText("送付を取りやめたものはありません").waitFor();
  await settled("outbox");
  await page.locator('main nav a[href="/outbox?state=delivered"]').click();
  await page.locator("main tbody tr").first().waitFor();
  await settled("outbox-delivered");
});
