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
 * `visit(path)`, `settled(name)`, `enter(who)` for another person's signed-in page (a role, a login name, or a login), and
 * `outside()` for the page of somebody who is not signed in.
 *
 * `around()` makes what the server stands on, as `around` in the walk: `args` and `environment` for `startDemo`,
 * `unavailable` when it may answer 503, `close()` at the end. `skip` is the reason why a journey cannot be walked.
 */
export function journey(name, { role = null, modes = MODES, around = () => ({}), skip = false }, walk) {
  for (const mode of modes) {
    test(`${name} (${mode.name})`, { timeout: 240_000, skip }, async () => {
      const ground = await around();
      const closing = [async () => ground.close?.()];
      try {
        const server = await startDemo(ground);
        closing.push(() => server.stop());
        const browser = await launch();
        closing.push(() => browser.close());
        await walkOnce({ server, browser, mode, role, walk, ground });
      } finally {
        for (const close of closing.reverse()) await close();
      }
    });
  }
}

async function walkOnce({ server, browser, mode, role, walk, ground }) {
  const watchers = [];
  const open = async () => {
    const page = await openPage(browser, mode);
    watchers.push(watch(page, new URL(server.url).host, { unavailable: ground.unavailable }));
    return page;
  };
  const outside = async () => {
    const page = await open();
    return { page, settled: (at) => settle(page, mode, at) };
  };
  const enter = async (who) => {
    const page = await open();
    const login = typeof who === "string" ? server.loginAs(who) : who;
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
    outside,
    around: ground,
    visit: (path) => page.goto(server.url + path),
    settled: (at) => settle(page, mode, at),
  });
  for (const watcher of watchers) watcher.expectNothing();
}
