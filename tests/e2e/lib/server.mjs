// The demonstration server with fresh data.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN_MS = 30_000;

/** Ends a program and waits until it is gone. */
async function end(child) {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await ended;
}

/**
 * Starts `noroshi demo`. With `settings(data)`, which gives more of a settings file, the data of the demonstration is served by
 * `noroshi serve` instead. `url` is its address, `logins` what `demo.json` lists, `data` its folder;
 * `environment(data)` gives variables for a server on that folder.
 * `loginAs(who)` is the login of that name or the first with that role; `stop()` ends it and removes the data.
 */
export async function startDemo({ args = [], environment = () => ({}), settings = null } = {}) {
  const binary = process.env.NOROSHI_BIN;
  if (!binary) throw new Error("set NOROSHI_BIN to the noroshi binary, or use `cargo xtask test --only e2e`");
  const data = mkdtempSync(join(tmpdir(), "noroshi-e2e-"));
  const start = (...how) => spawn(binary, how, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment(data) } });
  let child = start("demo", "--data", data, "--listen", "127.0.0.1:0", ...args);
  const stop = async () => {
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    let url = await address(child);
    if (settings) {
      await end(child);
      writeFileSync(join(data, "noroshi.toml"), settingsOf(data) + settings(data));
      child = start("serve", "--config", join(data, "noroshi.toml"));
      url = await address(child);
    }
    const { logins } = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
    const loginAs = (role) => {
      const login = logins.find((candidate) => candidate.role === role || candidate.login === role);
      if (!login) throw new Error(`no login with role ${role}; there are ${logins.map((l) => l.role)}`);
      return login;
    };
    return { url, logins, loginAs, data, child, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the demonstration runs with, as a settings file. */
function settingsOf(data) {
  return [
    '[instance]\nname = "demo.noroshi.example"\nmode = "exercise"',
    '[server]\nlisten = "127.0.0.1:0"\ncookies = "plain"',
    `[storage]\ndirectory = ${JSON.stringify(data)}`,
    "[access]\nargon2_memory_kib = 1024\nargon2_passes = 1\n",
  ].join("\n");
}

/** The address the server says it listens on. */
function address(child) {
  return new Promise((resolve, reject) => {
    let complaint = "";
    const timer = setTimeout(() => reject(new Error(`not ready: ${complaint}`)), READY_WITHIN_MS);
    const settle = (act, value) => {
      clearTimeout(timer);
      act(value);
    };
    child.stderr.on("data", (chunk) => { complaint = (complaint + chunk).slice(-4000); });
    child.once("error", (error) => settle(reject, error));
    child.once("exit", (code) => settle(reject, new Error(`ended with ${code}: ${complaint}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (found) settle(resolve, found[1]);
    });
  });
}
