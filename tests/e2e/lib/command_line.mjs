// The command line beside the portal: receipts, witness, accounts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** `noroshi-verify` stands beside `noroshi`. */
function verifier() {
  return process.env.NOROSHI_VERIFY_BIN ?? join(dirname(process.env.NOROSHI_BIN), "noroshi-verify");
}

/** The two programs with the settings of the demonstration's instance and a folder of their own. */
export class CommandLine {
  constructor(server) {
    this.folder = mkdtempSync(join(tmpdir(), "noroshi-proof-"));
    this.witnesses = [];
    this.server = server;
    this.#settle();
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name) {
    return join(this.folder, name);
  }

  #settle() {
    const settings = [
      '[instance]\nname = "demo.noroshi.example"\nmode = "exercise"',
      '[server]\ncookies = "plain"',
      `[storage]\ndirectory = ${JSON.stringify(this.server.data)}`,
      `[ledger]\nwitnesses = ${JSON.stringify(this.witnesses)}`,
    ];
    writeFileSync(this.path("noroshi.toml"), `${settings.join("\n")}\n`);
  }

  #noroshi(args, input = "") {
    const run = spawnSync(process.env.NOROSHI_BIN, args, { encoding: "utf8", input });
    if (run.status !== 0) throw new Error(`noroshi ${args.join(" ")}: ${run.status} ${run.stdout}${run.stderr}`);
    return run.stdout;
  }

  /** Makes an account at the machine of the instance, with one role or several; returns its login. */
  addPerson({ organisation, login, name, role, roles = [role] }) {
    const password = `${login}-of-the-journey`;
    const args = ["user", "add", "--organisation", organisation, "--login", login, "--name", name];
    args.push(...roles.flatMap((each) => ["--role", each]));
    const said = this.#noroshi([...args, "--config", this.path("noroshi.toml")], `${password}\n`);
    return { login, password, totp_secret: /shown once: (\S+)/.exec(said)[1] };
  }

  /** Writes the trust file of the instance, as `noroshi ledger trust` prints it now. */
  trust() {
    writeFileSync(this.path("trust"), this.#noroshi(["ledger", "trust", "--config", this.path("noroshi.toml")]));
  }

  /** Makes a witness with a key of its own, and lets it co-sign every log once. */
  cosign() {
    const key = this.path("witness.key");
    const made = this.#noroshi(["ledger", "key", "generate", "--name", "committee.example/witness-1", "--out", key]);
    this.witnesses.push(made.trim());
    this.#settle();
    this.trust();
    const settings = this.path("noroshi.toml");
    const files = ["--trust", this.path("trust"), "--key", key, "--state", this.path("state"), "--config", settings];
    return this.#noroshi(["ledger", "witness", ...files, "--once"]);
  }

  /** The exit code of `noroshi-verify`, and what it said. */
  verify(receipt) {
    const run = spawnSync(verifier(), ["--trust", this.path("trust"), receipt], { encoding: "utf8" });
    return { code: run.status, said: run.stdout + run.stderr };
  }

  /** A copy of a receipt in which one letter of the filed text is another. */
  altered(receipt, from, to) {
    const text = readFileSync(receipt, "utf8");
    if (!text.includes(from)) throw new Error(`the receipt does not hold ${from}`);
    const copy = `${receipt}.altered`;
    writeFileSync(copy, text.replace(from, to));
    return copy;
  }
}

/** Downloads the receipts of the page as a person does, by pressing each link. */
export async function downloadReceipts(page, desk) {
  const links = page.locator('main a[download$=".json"]');
  const files = [];
  for (let at = 0; at < (await links.count()); at += 1) {
    const [download] = await Promise.all([page.waitForEvent("download"), links.nth(at).click()]);
    const file = desk.path(`${at}-${download.suggestedFilename()}`);
    await download.saveAs(file);
    files.push(file);
  }
  return files;
}
