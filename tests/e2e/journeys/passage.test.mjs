// Two servers: an operator's own instance, and the authority's to which its reports travel on.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

import { launch, MODES, openPage } from "../lib/browser.mjs";
import { fileReport, fillItem, judge, openCase, press } from "../lib/case.mjs";
import { CommandLine, downloadReceipts } from "../lib/command_line.mjs";
import { askDatabase } from "../lib/database.mjs";
import { journey } from "../lib/journey.mjs";
import { signIn, stepUp } from "../lib/login.mjs";
import { startDemo } from "../lib/server.mjs";

const TWO = MODES.filter((mode) => ["js-1280", "nojs-320"].includes(mode.name));
const CORPORATE_NUMBER = "SELECT corporate_number FROM organisation WHERE name_ja LIKE '東都電力送配電%'";

/** Makes an API token as a person does, for everything, and returns it. */
async function issueToken(page, url, login) {
  await signIn(page, url, login);
  await page.goto(`${url}/account/tokens`);
  await page.locator("#f-label").fill("自社のサーバーから報告を送る");
  for (const scope of await page.locator('input[name="scopes"]').all()) await scope.check();
  const issue = page.locator('form[action="/account/tokens"] button[type="submit"]');
  await press(page, issue);
  if (new URL(page.url()).pathname === "/step-up") {
    await stepUp(page, login);
    await page.waitForURL((now) => now.pathname !== "/step-up");
    if ((await page.locator("code.secret").count()) === 0) {
      await page.locator("#f-label").fill("自社のサーバーから報告を送る");
      for (const scope of await page.locator('input[name="scopes"]').all()) await scope.check();
      await press(page, issue);
    }
  }
  return page.locator("code.secret").innerText();
}

/** The authority's instance, and the settings with which an operator's passes its reports on to it. */
async function authority() {
  const server = await startDemo();
  const shell = new CommandLine(server);
  const browser = await launch();
  const close = async () => {
    // A stopped program takes no other signal.
    server.child.kill("SIGCONT");
    await browser.close();
    await server.stop();
    shell.close();
  };
  try {
    const operator = askDatabase(server, CORPORATE_NUMBER);
    const roles = ["compliance", "csirt", "approver"];
    const night = shell.addPerson({ organisation: operator, login: "denki.yakin", name: "見本 夜勤", roles });
    const token = await issueToken(await openPage(browser, MODES[0]), server.url, night);
    writeFileSync(shell.path("token"), token, { mode: 0o600 });
    shell.trust();
    const quote = JSON.stringify;
    const settings = () => `
[peers]
timeout_secs = 10
poll_secs = 1
retry_at_most_secs = 1
[[peers.instances]]
name = "authority"
address = ${quote(server.url)}
operator = ${quote(operator)}
token_file = ${quote(shell.path("token"))}
trust_file = ${quote(shell.path("trust"))}
`;
    return { authority: server, shell, settings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the page again until it shows a text, as somebody does who waits. */
async function waitFor(page, text) {
  for (let tries = 0; tries < 60; tries += 1) {
    await page.reload();
    if (await page.getByText(text).count()) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`the page never shows ${text}: ${await page.locator("main").innerText()}`);
}

journey(
  "a report travels on to the authority's server, and what is under way says so while that is down",
  { role: "csirt", modes: TWO, around: authority },
  async ({ page, login, server, settled, enter, around }) => {
    const address = await openCase(page, server.url, {
      kind: "incident",
      day: "2026/11/22",
      hour: "3",
      minute: "17",
      source: "当直が警報を見た。",
      title: "踏み台サーバーの不審な認証",
    });
    await judge(page, server.url, address, "intruded");
    await fillItem(page, address, 1, { awareness_circumstances: "監視の当直が警報を見て判断した。" });
    await fillItem(page, address, 2, { contact_name: "髙橋　直人", contact_phone: "０３－１２３４－５６７８" });
    const prompt = await fileReport(page, address, "prompt", login);

    await page.goto(`${address}/submissions`);
    await settled("passage-submissions");
    await page.locator(`a[href$="/filings/${prompt.split("/").pop()}/passage"]`).first().click();
    await waitFor(page, "提出済み（受領証を検証済み）");
    await settled("passage-proven");
    const files = await downloadReceipts(page, around.shell);
    assert.notEqual(files.length, 0);
    for (const file of files) {
      assert.ok(JSON.parse(readFileSync(file, "utf8")));
      const verdict = around.shell.verify(file);
      assert.equal(verdict.code, 3, `valid, and no witness signed: ${verdict.said}`);
    }

    around.authority.child.kill("SIGSTOP");
    await fillItem(page, address, 3, { summary: "認証の記録を集めて調べている。" });
    const approver = await enter("denki.shonin");
    const update = await fileReport(approver.page, address, "update", approver.login);
    await page.goto(`${update}/passage`);
    await waitFor(page, "送れていません（再送中）");
    await settled("passage-trying");
    await page.locator('form[action$="/passage"] button[type="submit"]').click();
    await page.waitForLoadState("load");
    assert.ok(page.url().endsWith("/passage"));

    around.authority.child.kill("SIGCONT");
    await waitFor(page, "提出済み（受領証を検証済み）");
  },
);
