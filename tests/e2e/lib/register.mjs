// Entering a computer in the register the way a person does.
import { press } from "./case.mjs";

/** Fills the form of a computer. `more` does what is special about it. Ends on the page of the computer. */
export async function addComputer(page, url, computer, more = async () => {}) {
  await page.goto(`${url}/computers/new`);
  await fillComputer(page, computer);
  await more(page);
  await press(page, registerButton(page));
  await page.waitForURL(/\/computers\/[0-9a-f-]{36}/);
}

export function registerButton(page) {
  return page.locator('main form .actions button[type="submit"]').last();
}

/** Fills the form of a computer, without sending it. */
export async function fillComputer(page, computer) {
  await page.locator(`input[name="unit"][value="${computer.unit}"]`).check();
  await page.locator("#f-product").fill(computer.product);
  await page.locator("#f-maker").fill(computer.maker);
  await page.locator("#f-facility").selectOption({ index: 1 });
  await page.locator("#f-introduced_on-year").fill("2026");
  await page.locator("#f-introduced_on-month").fill("10");
  await page.locator("#f-introduced_on-day").fill("１５");
  await page.locator("#f-class").selectOption("nigo_3");
}
