import assert from "node:assert/strict";

import { press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";

journey(
  "what is due is told in the portal, quiet hours are set, and a calendar takes the days without their contents",
  { role: "approver", around: () => ({ environment: () => ({ NOROSHI_REMINDERS__CHECK_SECS: "1" }) }) },
  async ({ page, server, settled }) => {
    // The worker looks every few seconds; a page that is opened again shows what it told meanwhile.
    await page.goto(`${server.url}/account/notices`);
    for (let tries = 0; tries < 30 && (await page.locator("main li.card").count()) === 0; tries += 1) {
      await page.waitForTimeout(1000);
      await page.reload();
    }
    const notices = await page.locator("main li.card").count();
    assert.ok(notices > 0, "the sample has limits that are near");
    await settled("notices");
    const unread = page.getByRole("button", { name: /既読にする/ }).first();
    await press(page, unread);
    assert.match(await page.locator("main").innerText(), /既読/);
    await settled("notices-read");

    await page.goto(`${server.url}/account/reminders`);
    await settled("reminders");
    await press(page, page.getByRole("button", { name: /カレンダー/ }).first());
    const address = (await page.locator("main code.secret").innerText()).trim();
    assert.match(address, /^\/calendar\/[0-9a-f]{64}$/, "the sample has no public address of its own");
    await settled("reminders-calendar");
    const calendar = await page.request.get(server.url + address);
    assert.equal(calendar.status(), 200);
    const text = await calendar.text();
    assert.match(text, /^BEGIN:VCALENDAR\r\n/);
    assert.match(text, /BEGIN:VALARM/);
    assert.doesNotMatch(text, /ランサム|監視|電力/, "days only");
  },
);
