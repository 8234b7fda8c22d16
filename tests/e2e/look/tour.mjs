// Pictures of every page, to be looked at by a person: `node look/tour.mjs [FOLDER]`.
//
// Each role follows the links from its home page. Of addresses that differ in ids only a few are kept, so that
// cases and filings are seen in several states. Each page is taken at 1280 and 320 px, in Japanese and English.
import { mkdirSync } from "node:fs";

import { launch, MODES, openPage } from "../lib/browser.mjs";
import { expectNoSidewaysScroll } from "../lib/checks.mjs";
import { violations } from "../lib/axe.mjs";
import { signIn } from "../lib/login.mjs";
import { startDemo } from "../lib/server.mjs";

const FOLDER = process.argv[2] ?? "out/tour";
const ROLES = (process.argv[3] ?? "csirt,compliance,approver,organisation_admin,desk_officer,cabinet_analyst,auditor").split(",");
const ALIKE = 2;
const MOST = 80;
const SKIPPED = /^\/(logout|login|assets|gallery|api)\b|\.json$|\/attachments\/|\/logs\//;

/** The address without what differs between two pages of one kind. */
function kindOf(url) {
  const path = url.pathname
    .replace(/[0-9a-f]{64}|[0-9a-f-]{36}/g, "ID")
    .replace(/^\/audit\/\w+/, "/audit/LOG")
    .replace(/\/LOG\/\d+$/, "/LOG/N");
  return [path, ...[...url.searchParams.keys()].filter((key) => key !== "lang")].join(" ");
}

/** Addresses of one role, found from the home page. */
async function addresses(page, origin) {
  const seen = new Map();
  const found = [];
  const known = new Set();
  const waiting = ["/", "/account", "/accessibility", "/no-such-page"];
  while (0 < waiting.length && found.length < MOST) {
    const path = waiting.shift();
    if (known.has(path)) continue;
    known.add(path);
    const kind = kindOf(new URL(path, origin));
    const count = seen.get(kind) ?? 0;
    if (ALIKE <= count || SKIPPED.test(path)) continue;
    const answer = await page.goto(origin + path).catch(() => null);
    if (!answer?.headers()["content-type"]?.startsWith("text/html")) continue;
    seen.set(kind, count + 1);
    found.push(path);
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href));
    for (const link of links) {
      const url = new URL(link);
      if (url.origin === origin) waiting.push(url.pathname + url.search.replace(/[?&]lang=\w+/, ""));
    }
  }
  return found;
}

const fileName = (path) => path.replace(/([0-9a-f]{8})[0-9a-f-]{28,}/g, "$1").replace(/[^\w-]+/g, "_").slice(0, 80);

const server = await startDemo();
const browser = await launch();
try {
  for (const role of ROLES) {
    const folder = `${FOLDER}/${role}`;
    mkdirSync(folder, { recursive: true });
    const page = await openPage(browser, MODES[0]);
    await signIn(page, server.url, server.loginAs(role));
    for (const path of await addresses(page, server.url)) {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        for (const lang of ["ja", "en"]) {
          await page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
          await page.screenshot({ path: `${folder}/${fileName(path)}-${lang}-${width}.png`, fullPage: true });
          const notes = await violations(page);
          await expectNoSidewaysScroll(page).catch((error) => notes.push(error.message));
          for (const note of notes) console.log(`${role} ${path} ${lang} ${width}: ${note}`);
        }
      }
      console.log(`${role} ${path}`);
    }
    await page.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
}
