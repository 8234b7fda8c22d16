// Accessibility: axe-core with Japanese messages. Any violation fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const source = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const japanese = JSON.parse(readFileSync(require.resolve("axe-core/locales/ja.json"), "utf8"));

const TAGS = [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
];

/** What axe found on the page, as `rule: help (target)`, one line each. */
export async function violations(page) {
  // Through the debugging protocol, so the page's content security policy stays as it is.
  await page.evaluate(source);
  const found = await page.evaluate(
    async ([locale, tags]) => {
      window.axe.configure({ locale });
      const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags } });
      return { violations: result.violations, passes: result.passes.length };
    },
    [japanese, TAGS],
  );
  assert.notEqual(found.passes, 0, "axe checked nothing");
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help} (${node.target.join(" ")})`),
  );
}

export async function expectAccessible(page) {
  assert.deepEqual(await violations(page), [], `accessibility of ${page.url()}`);
}
