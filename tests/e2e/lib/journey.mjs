// One walk, stamped for JavaScript on and off and two widths.
import { test } from "node:test";

import { expectAccessible } from "./axe.mjs";
import { launch, MODES, openPage } from "./browser.mjs";
import { expectNoSidewaysScroll, screenshot, watch } from "./checks.mjs";
import { signIn } from "./login.mjs";
import { startDemo } from "./server.mjs";

/** Axe looks at the page as it stands, so transitions and late swaps must be over. */
async function settle(page, mode, name) {
  await page.waitForLoadState("load");
  await expectNoSidewaysScroll(page);
  if (mode.javaScript) await expectAccessible(page);
  await screenshot(page, `${name}-${mode.name}`);
}

/**
 * Runs `walk` once for each mode, each with its own server and browser. With a `role` the page is
 * signed in as the first login of that role. `walk` gets `page`, `server`, `mode`, `login`,
 * `visit(path)`, `settled(name)`, and `enter(role)` for another person's signed-in page.
 */
export function journey(name, { role = null, modes = MODES, args = [] }, walk) {
  for (const mode of modes) {
    test(`${name} (${mode.name})`, { timeout: 240_000 }, async () => {
      const server = await startDemo({ args });
      const browser = await launch().catch(async (error) => {
        await server.stop();
        throw error;
      });
      try {
        await walkOnce({ server, browser, mode, role, walk });
      } finally {
        await browser.close();
        await server.stop();
      }
    });
  }
}

async function walkOnce({ server, browser, mode, role, walk }) {
  const watchers = [];
  const open = async () => {
    const page = await openPage(browser, mode);
    watchers.push(watch(page, new URL(server.url).host));
    return page;
  };
  const enter = async (asRole) => {
    const page = await open();
    const login = server.loginAs(asRole);
    await signIn(page, server.url, login);
    return { page, login, settled: (at) => settle(page, mode, at) };
  };
  const main = role ? await enter(role) : { page: await open(), login: null };
  const { page, login } = main;
  await walk({
    page,
    login,
    server,
    mode,
    enter,
    visit: (path) => page.goto(server.url + path),
    settled: (at) => settle(page, mode, at),
  });
  for (const watcher of watchers) watcher.expectNothing();
}
