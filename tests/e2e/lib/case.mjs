// Working on an incident case the way its people do.
import assert from "node:assert/strict";

import { stepUp } from "./login.mjs";

/** Presses the main button of the form on the page and waits for the page that follows. */
export async function press(page, button = page.locator('main form .actions button[type="submit"]').first()) {
  await Promise.all([page.waitForEvent("load"), button.click()]);
}

/** Registers a case. `day` and `hour` may be in any writing the page reads. Ends on the page of the case. */
export async function openCase(page, url, { kind, day, hour, minute, source, title }) {
  await page.goto(`${url}/cases/new`);
  await page.locator(`input[name="kind"][value="${kind}"]`).check();
  await page.locator("#f-aware_at-year").fill(day);
  await page.locator("#f-aware_at-hour").fill(hour);
  await page.locator("#f-aware_at-minute").fill(minute);
  await page.locator("#f-source").fill(source);
  await page.locator("#f-title").fill(title);
  await press(page);
  await page.waitForURL(/\/cases\/[0-9a-f-]{36}/);
  return page.url().replace(/[?#].*/, "");
}

/** Answers one question of 「これは報告が必要か」 and keeps the outcome as the judgement of the case. */
export async function judge(page, url, address, code) {
  await page.goto(`${url}/need-to-report?case=${address.split("/").pop()}`);
  await page.locator(`input[name="q.${code}"][value="yes"]`).check();
  await press(page, page.locator('main form[action="/need-to-report"] button[type="submit"]'));
  await press(page, page.locator('main form[action$="/judgement"] button[type="submit"]'));
}

/** Fills fields of an item by their keys, says `otherwise` of the rest where that is asked, and saves. */
export async function fillItem(page, address, item, values, otherwise = null) {
  await page.goto(`${address}/items/${item}`);
  for (const [key, value] of Object.entries(values)) await fillField(page, key, value);
  if (otherwise) {
    const given = new Set(Object.keys(values));
    const states = page.locator(`main form input[type="radio"][name$=".state"][value="${otherwise}"]`);
    for (const name of await states.evaluateAll((all) => all.map((state) => state.name))) {
      if (given.has(name.replace(/\.state$/, ""))) continue;
      await page.locator(`input[name="${name}"][value="${otherwise}"]`).check();
    }
  }
  await press(page, page.locator('main form button[name="then"][value="case"]'));
  assert.match(new URL(page.url()).pathname, /\/cases\/[0-9a-f-]{36}$/, `item ${item} was not saved`);
}

async function fillField(page, key, value) {
  if (typeof value === "object") {
    for (const [part, text] of Object.entries(value)) await page.locator(`[name="${key}.${part}"]`).fill(text);
    return;
  }
  const control = page.locator(`[name="${key}"]`).first();
  if ((await control.getAttribute("type")) === "radio" || (await control.getAttribute("type")) === "checkbox") {
    await page.locator(`[name="${key}"][value="${value}"]`).check();
  } else {
    await control.fill(value);
  }
}

/** Files what the check page shows, with a fresh code when it is asked for, and ends on the receipt. */
export async function fileReport(page, address, kind, login) {
  await page.goto(`${address}/report/${kind}`);
  await press(page, page.locator('main form[method="post"] .actions button[type="submit"]'));
  if (new URL(page.url()).pathname === "/step-up") {
    await stepUp(page, login);
    await page.waitForURL((now) => now.pathname !== "/step-up");
    await press(page, page.locator('main form[method="post"] .actions button[type="submit"]'));
  }
  await page.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt$/);
  return page.url().replace(/\/receipt$/, "");
}
