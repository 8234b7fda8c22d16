// Debian's Chromium with an empty profile, and the four ways every journey is walked.
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** JavaScript on and off, desktop and the narrowest width WCAG 2.2 asks for (1.4.10 Reflow). */
export const MODES = [
  { name: "js-1280", javaScript: true, width: 1280, height: 900 },
  { name: "js-320", javaScript: true, width: 320, height: 640 },
  { name: "nojs-1280", javaScript: false, width: 1280, height: 900 },
  { name: "nojs-320", javaScript: false, width: 320, height: 640 },
];

/** Playwright gives every launch a new empty user-data directory and removes it at the end. */
export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

/** A page of its own context: no cookies, Japanese, Japan Standard Time. */
export async function openPage(browser, mode) {
  const context = await browser.newContext({
    javaScriptEnabled: mode.javaScript,
    viewport: { width: mode.width, height: mode.height },
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}
