// Signing in as a person does: login name and password, then the code of the authenticator app.
import assert from "node:assert/strict";

import { freshCode } from "./totp.mjs";

/** Signs in and ends on the page the server sends the person to. */
export async function signIn(page, url, login) {
  await page.goto(`${url}/login`);
  await page.locator('#f-login').fill(login.login);
  await page.locator('#f-password').fill(login.password);
  const code = page.locator('input[name="code"]');
  // The code may stand on the same page or on the next.
  if ((await code.count()) === 0) {
    // The demo offers sample users below; the first form is the login itself.
    await page.locator('main form button[type="submit"]').first().click();
    await code.waitFor();
  }
  await code.fill(await freshCode(login.totp_secret, url));
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL((now) => !now.pathname.startsWith("/login"));
  assert.ok(page.url().startsWith(url), `signed in at ${page.url()}`);
}

/** Answers a request for a fresh code (step-up) if the page shows one. */
export async function stepUp(page, login) {
  const code = page.locator('main input[name="code"]');
  if ((await code.count()) === 0) return;
  await code.fill(await freshCode(login.totp_secret, new URL(page.url()).origin));
  await page.locator('main form button[type="submit"]').last().click();
}
