import assert from "node:assert/strict";

import { journey } from "../lib/journey.mjs";

journey("a person signs in with two factors, and a wrong password says what to do", {}, async (walk) => {
  const { page, visit, settled, server } = walk;
  await visit("/account");
  assert.equal(new URL(page.url()).pathname, "/login");
  await settled("login");
  await page.locator('#f-login').fill("denki.shonin");
  await page.locator('#f-password').fill("not the password");
  await page.locator('main form button[type="submit"]').first().click();
  assert.match(await page.title(), /^エラー：/);
  assert.equal(await page.locator('#f-login').inputValue(), "denki.shonin");
  await settled("login-wrong");
  const { page: inside } = await walk.enter("csirt");
  assert.ok(inside.url().startsWith(server.url));
});

journey("the login page is complete in English", {}, async ({ page, visit, settled }) => {
  await visit("/login?lang=en");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.getByRole("heading", { level: 1, name: "Log in" }).waitFor();
  await settled("login-en");
});
