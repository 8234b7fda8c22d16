// Where a walk has been, so that somebody else can try the same addresses.
import assert from "node:assert/strict";

const NAMES_SOMETHING = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** Notes every address with an id in it that a page is opened at, and those it offers: files to download among them. */
export class Trail {
  #paths = new Set();

  follow(page) {
    page.on("framenavigated", (frame) => this.#note(frame.url()));
    page.on("load", async () => {
      // A list also offers what is none of this walk. A page may go away while its links are read.
      if (!NAMES_SOMETHING.test(page.url())) return;
      const links = page.locator("a[href]");
      const found = await links.evaluateAll((all) => all.map((link) => link.href)).catch(() => []);
      for (const link of found) this.#note(link);
    });
  }

  #note(address) {
    if (!URL.canParse(address)) return;
    const url = new URL(address);
    if (NAMES_SOMETHING.test(url.pathname)) this.#paths.add(url.pathname);
    if (NAMES_SOMETHING.test(url.search)) this.#paths.add(url.pathname + url.search);
  }

  /** The addresses, those left out that `except` fits. */
  paths(except = /^$/) {
    return [...this.#paths].filter((path) => !except.test(path)).sort();
  }

  /** Every address answers this person 404, as if there were nothing. */
  async expectNothingFor(page, url, except) {
    const paths = this.paths(except);
    assert.notEqual(paths.length, 0, "the walk left no trail");
    for (const path of paths) {
      const answer = await page.request.get(url + path, { maxRedirects: 0 });
      assert.equal(answer.status(), 404, path);
    }
  }
}
