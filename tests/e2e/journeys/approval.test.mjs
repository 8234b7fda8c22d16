// 決裁: the prompt report at 03:17 with an approver on a phone, and the ordinary way with a 差戻し.
import assert from "node:assert/strict";

import { MODES } from "../lib/browser.mjs";
import { fillItem, judge, openCase, press } from "../lib/case.mjs";
import { journey } from "../lib/journey.mjs";
import { stepUp } from "../lib/login.mjs";

/** Most clicks and fields of a prompt report beyond what items 1 and 2 of the order ask for. */
const MOST = 12;

/** 03:17 is a phone in a hand, with JavaScript or without. */
const PHONES = MODES.filter((mode) => mode.width === 320);

/** Sets a route of one stage, 承認 by anybody with the role of approver. */
async function routeOf(admin, url, kind, settled = async () => {}) {
  await admin.goto(`${url}/approval-routes`);
  await settled("approval-routes");
  await admin.goto(`${url}/approval-routes/${kind}`);
  await admin.locator("#f-name1").fill("承認");
  await admin.locator('input[name="holders1"][value="role:approver"]').check();
  await settled("approval-route");
  await press(admin);
  if (new URL(admin.url()).pathname === "/step-up") throw new Error("the second factor was shown just now");
  assert.match(await admin.locator("main").innerText(), /承認/);
}

/** Counts what a person does; fields of items 1 and 2 are asked for by the order and do not count. */
class Hand {
  count = 0;

  constructor(page) {
    this.page = page;
  }

  async press(button) {
    this.count += 1;
    await press(this.page, button);
  }

  async choose(control) {
    this.count += 1;
    await control.check();
  }

  async write(control, text) {
    this.count += 1;
    await control.fill(text);
  }
}

journey(
  "at 03:17 the CSIRT files the prompt report alone, and the approver ratifies it on the phone",
  { role: "denki.csirt", modes: PHONES },
  async ({ page, server, settled, enter }) => {
    const admin = await enter("denki.kanri");
    await routeOf(admin.page, server.url, "incident_prompt", admin.settled);

    await page.goto(server.url);
    const hand = new Hand(page);
    const button = (name) => page.getByRole("button", { name }).first();
    const link = (name) => page.locator("main").getByRole("link", { name }).first();
    await hand.press(link("報告が必要か"));
    await hand.choose(page.locator('input[name="q.malware_ran"][value="yes"]'));
    await hand.press(page.locator('main form[action="/need-to-report"] button[type="submit"]'));
    await hand.press(page.locator('main form[action="/cases/new"] button[type="submit"]'));
    // When and from what one became aware belongs to item 1.
    await page.locator('input[name="kind"][value="incident"]').check();
    await page.locator("#f-aware_at-year").fill("2026年11月20日");
    await page.locator("#f-aware_at-hour").fill("3");
    await page.locator("#f-aware_at-minute").fill("17");
    await page.locator("#f-source").fill("当直が身代金を求める画面に気付いた。");
    await hand.write(page.locator("#f-title"), "制御系端末のランサムウェア");
    await hand.press(button("事案を登録"));
    const address = page.url().replace(/[?#].*/, "");
    await hand.press(page.locator('main a[href$="/items/1"]').first());
    await page.locator('[name="awareness_circumstances"]').fill("当直が画面を見て、電話で確かめて判断した。");
    await hand.press(page.locator('main form button[name="then"][value="next"]'));
    // Item 2 is filled in from the profile where it is known.
    for (const [key, text] of Object.entries({
      contact_name: "当直 一郎",
      contact_phone: "03-0000-0000",
    })) {
      await page.locator(`[name="${key}"]`).first().fill(text);
    }
    await hand.press(page.locator('main form button[name="then"][value="case"]'));
    await hand.press(page.locator('main a[href$="/report/prompt"]').first());
    await settled("approval-emergency");
    assert.match(await page.locator("#approval ~ *, #approval").first().innerText(), /承認/);
    await hand.write(page.locator("#f-emergency_reason"), "承認者に電話がつながらず、メールも使えない。");
    await hand.press(page.locator('main button[formaction$="/emergency"]'));
    await page.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt$/);
    assert.ok(hand.count <= MOST, `${hand.count} clicks and fields, ${MOST} are allowed`);
    await settled("approval-emergency-receipt");

    await page.goto(server.url);
    assert.match(await page.locator("main").innerText(), /追認を待っているもの/, "an open task until it is ratified");

    const phone = await enter("denki.shonin");
    await phone.page.goto(server.url);
    assert.match(await phone.page.locator("main").innerText(), /あなたの承認を待っているもの/);
    await phone.settled("approval-home");
    await press(phone.page, phone.page.locator('main a[href^="/approvals/"]').first());
    assert.match(await phone.page.locator("main").innerText(), /承認者に電話がつながらず/);
    await phone.settled("approval-ratify");
    await press(phone.page, phone.page.locator('main button[name="verdict"][value="approve"]'));
    assert.match(await phone.page.locator("main").innerText(), /追認済み/);
    await phone.settled("approval-ratified");
    await page.goto(server.url);
    assert.doesNotMatch(await page.locator("main").innerText(), /追認を待っているもの/);
    // What was filed stays with the case.
    await page.goto(address);
    assert.match(await page.locator("#filed ~ *").first().innerText(), /速報/);
  },
);

journey(
  "a report is sent back, changed, approved with its differences, and filed as approved",
  { role: "denki.csirt" },
  async ({ page, server, settled, enter, login }) => {
    const admin = await enter("denki.kanri");
    await routeOf(admin.page, server.url, "incident_prompt");
    const address = await openCase(page, server.url, {
      kind: "incident",
      day: "2026年11月20日",
      hour: "9",
      minute: "5",
      source: "監視装置の警報",
      title: "監視端末の不審な通信",
    });
    await judge(page, server.url, address, "malware_ran");
    await fillItem(page, address, 1, { awareness_circumstances: "監視の当直が警報を見て判断した。" });
    await fillItem(page, address, 2, {
      contact_name: "当直 一郎",
      contact_phone: "03-0000-0000",
    });
    const ask = async () => {
      await page.goto(`${address}/report/prompt`);
      await press(page, page.locator('main button[formaction$="/approval"]'));
      await page.waitForURL(/\/approvals\/[0-9a-f-]{36}$/);
    };
    await page.goto(`${address}/report/prompt`);
    await settled("approval-check");
    await ask();
    await settled("approval-asked");

    const approver = await enter("denki.shonin");
    const first = approver.page;
    await first.goto(page.url());
    await approver.settled("approval-decide");
    await press(first, first.locator('main button[name="verdict"][value="return"]'));
    assert.match(await first.locator("main").innerText(), /入力してください/, "sending back says why");
    await approver.settled("approval-decide-error");
    await first.locator("#f-comment").fill("電話番号は当直の直通にしてください。");
    await press(first, first.locator('main button[name="verdict"][value="return"]'));
    assert.match(await first.locator("main").innerText(), /差戻し/);

    await page.goto(server.url);
    assert.match(await page.locator("main").innerText(), /差し戻されたもの/);
    await press(page, page.locator('main a[href^="/approvals/"]').first());
    assert.match(await page.locator("main").innerText(), /当直の直通/);
    await settled("approval-returned");
    await fillItem(page, address, 2, { contact_phone: "03-1111-2222" });
    await ask();

    await first.goto(server.url);
    await press(first, first.locator('main a[href^="/approvals/"]').first());
    const changes = await first.locator("table").first().innerText();
    assert.match(changes, /03-0000-0000/);
    assert.match(changes, /03-1111-2222/);
    assert.doesNotMatch(changes, /当直 一郎/, "what did not change is no difference");
    await approver.settled("approval-differences");
    await press(first, first.locator('main button[name="verdict"][value="approve"]'));
    await approver.settled("approval-approved");

    await page.reload();
    await press(page, page.locator('main form[action$="/report/prompt"] button[type="submit"]'));
    if (new URL(page.url()).pathname === "/step-up") {
      await stepUp(page, login);
      await page.waitForURL((now) => now.pathname !== "/step-up");
      await press(page, page.locator('main form[method="post"] .actions button[type="submit"]').first());
    }
    await page.waitForURL(/\/filings\/[0-9a-f-]{36}\/receipt$/);
    await first.goto(`${server.url}/deputies`);
    await approver.settled("approval-deputies");
  },
);
