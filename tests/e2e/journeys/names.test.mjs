import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { fillComputer } from "../lib/register.mjs";

journey(
  "the form of a computer suggests makers and loses nothing that was typed",
  { role: "compliance" },
  async ({ page, visit, settled }) => {
    await visit("/computers/new");
    await fillComputer(page, { unit: "appliance_hw", product: "FortiGate-600F", maker: "ふぉーてぃねっと㈱" });
    await page.locator("#f-note").fill("2階の予備機");
    await press(page, page.locator('button[name="do"][value="suggest"]'));
    assert.match(await page.locator("#names").innerText(), /候補/);
    await settled("names-suggested");
    const take = page.locator('button[name="take_maker"]').first();
    const maker = await take.getAttribute("value");
    await press(page, take);
    assert.equal(await page.locator("#f-maker").inputValue(), maker);
    assert.equal(await page.locator("#f-product").inputValue(), "FortiGate-600F");
    assert.equal(await page.locator("#f-note").inputValue(), "2階の予備機");
    assert.equal(await page.locator("#f-introduced_on-day").inputValue(), "１５");
    assert.equal(await page.locator("#f-class").inputValue(), "nigo_3");
    await settled("names-taken");
  },
);
