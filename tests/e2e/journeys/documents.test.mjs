import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";

import { fileReport, fillItem, judge, openCase, press } from "../lib/case.mjs";
import { CommandLine } from "../lib/command_line.mjs";
import { journey } from "../lib/journey.mjs";

const SUMMARY = "踏み台サーバーへの不審な認証のあと、髙田電機製の機器の設定が書き換えられた。𠮷野変電所は停止していない。";

/** What a program of the system says, or an error. */
function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: "utf8" });
  assert.equal(done.status, 0, `${program}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

/** Downloads by pressing a link, as a person does. */
async function save(page, shell, link, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const file = shell.path(name);
  await download.saveAs(file);
  return file;
}

function textOf(file) {
  run("qpdf", "--check", file);
  return run("pdftotext", "-layout", file, "-");
}

async function newCase(page, url, title) {
  return openCase(page, url, {
    kind: "incident",
    day: "2026-11-22",
    hour: "3",
    minute: "17",
    source: "当直が監視装置の警報に気付いた。",
    title,
  });
}

journey(
  "a report is taken away as PDF and workbook, and a filled workbook comes back into another draft",
  { role: "csirt" },
  async ({ page, login, server, settled }) => {
    const shell = new CommandLine(server);
    try {
      const address = await newCase(page, server.url, "踏み台サーバーの不審な認証");
      await judge(page, server.url, address, "intruded");
      await fillItem(page, address, 1, { awareness_circumstances: "監視の当直が警報を見て判断した。" });
      await fillItem(page, address, 2, { contact_name: "髙橋　直人", contact_phone: "０３－１２３４－５６７８" });
      await fillItem(page, address, 3, {
        occurred_at: { year: "2026", month: "11", day: "21", hour: "23", minute: "40" },
        summary: SUMMARY,
        situation: "contained",
      });
      const draft = await save(page, shell, page.locator('main a[href$="/draft.pdf"]'), "draft.pdf");
      assert.match(textOf(draft), /下書き・提出不可/);
      assert.match(textOf(draft), /髙田電機製/);

      await page.goto(`${address}/workbook`);
      await settled("documents-workbook");
      const form = await save(page, shell, page.locator('main a[href$="/workbook.xlsx"]'), "form.xlsx");

      await page.goto(`${address}/report/prompt`);
      const sheet = shell.path("check.pdf");
      writeFileSync(sheet, await page.pdf({ preferCSSPageSize: true }));
      const printed = textOf(sheet).split("\f").filter(Boolean);
      for (const paper of printed) assert.match(paper, /演習/, "every sheet of a printed page is marked");
      assert.doesNotMatch(printed.join(""), /ログアウト/, "no navigation on paper");

      const filed = await fileReport(page, address, "prompt", login);
      while (await page.getByText("受領の証明を準備しています").count()) await page.reload();
      await settled("documents-receipt");
      const receipt = await save(page, shell, page.locator('main a[href$="/receipt.pdf"]'), "receipt.pdf");
      const words = textOf(receipt);
      assert.match(words, /受領書/);
      assert.match(words, /令和8年/);
      run("pdfdetach", "-saveall", "-o", shell.folder, receipt);
      const proofs = readdirSync(shell.folder).filter((name) => /^receipt-.*\.json$/.test(name));
      assert.equal(proofs.length, 2, "one receipt of each authority that received the report");
      shell.trust();
      for (const proof of proofs) {
        const { code, said } = shell.verify(shell.path(proof));
        assert.equal(code, 3, `valid and not yet witnessed: ${said}`);
      }

      await page.goto(filed);
      await settled("documents-filing");
      const document = await save(page, shell, page.locator('main a[href$="/document.pdf"]'), "document.pdf");
      assert.match(textOf(document).replace(/\s/g, ""), /𠮷野変電所は停止していない/);
      assert.match(run("pdfdetach", "-list", document), /filing-.*\.json/);
      await save(page, shell, page.locator('main a[href$="/document.xlsx"]'), "document.xlsx");

      // The filled form comes back into the draft of another case.
      const other = await newCase(page, server.url, "別の拠点の同じ事案");
      await page.goto(`${other}/workbook`);
      await page.locator("#f-workbook").setInputFiles(form);
      await press(page);
      await settled("documents-preview");
      const preview = await page.locator("main").innerText();
      assert.match(preview, /別の事案の下書きから作られたファイルです/);
      assert.match(preview, /髙田電機製/);
      const situation = page.locator('input[name="take"][value="situation"]');
      assert.ok(await situation.isChecked());
      await situation.uncheck();
      await press(page);
      await page.waitForURL(/\/cases\/[0-9a-f-]{36}$/);
      await page.goto(`${other}/items/3`);
      assert.equal(await page.locator('[name="summary"]').inputValue(), SUMMARY);
      assert.equal(await page.locator('[name="occurred_at.hour"]').inputValue(), "23");
      assert.equal(await page.locator('[name="situation"]:checked').count(), 0, "what was not chosen is not taken");

      // A file that is no form of ours is refused with a reason.
      await page.goto(`${other}/workbook`);
      await page.locator("#f-workbook").setInputFiles({ name: "x.xlsx", mimeType: "text/plain", buffer: Buffer.from("x") });
      await press(page);
      await settled("documents-refused");
      assert.match(await page.locator("main").innerText(), /Excelファイル（\.xlsx）として読み取れません/);
    } finally {
      shell.close();
    }
  },
);
