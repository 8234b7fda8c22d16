// What must hold on every page, whatever the journey.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OUT = fileURLToPath(new URL("../out/", import.meta.url));

/**
 * Notes everything a page should not do: log an error (a broken content security policy is one),
 * throw, or ask another host. `watcher.expectNothing()` fails on any.
 *
 * Chromium logs each answer of 400 and above as a failed resource; a journey that walks into a 404
 * or 422 on purpose is right to, so those lines are left out. `allowedHost` is `host:port`. With
 * `unavailable` the walk takes something away from the server, which then may answer 503.
 */
export function watch(page, allowedHost, { unavailable = false } = {}) {
  const notes = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource: the server responded")) {
      notes.push(`console: ${text}`);
    }
  });
  page.on("pageerror", (error) => notes.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:"].includes(url.protocol) && url.host !== allowedHost) {
      notes.push(`request to another host: ${url.host}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() === 503 && unavailable) return;
    if (500 <= response.status()) notes.push(`${response.status()} from ${response.url()}`);
  });
  return {
    notes,
    expectNothing: () => assert.deepEqual(notes, []),
  };
}

/** Nothing is wider than the window (WCAG 2.2, 1.4.10), except inside a region that scrolls by itself. */
export async function expectNoSidewaysScroll(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window} px`);
}

/** A picture of the whole page in `out/`, to be looked at. */
export async function screenshot(page, name) {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
}
