// The demonstration server with fresh data.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN_MS = 30_000;

/**
 * Starts `noroshi demo`. `url` is its address, `logins` what `demo.json` lists, `data` its folder;
 * `environment(data)` gives variables for a server on that folder.
 * `loginAs(who)` is the login of that name or the first with that role; `stop()` ends it and removes the data.
 */
export async function startDemo({ args = [], environment = () => ({}) } = {}) {
  const binary = process.env.NOROSHI_BIN;
  if (!binary) throw new Error("set NOROSHI_BIN to the noroshi binary, or use `cargo xtask test --only e2e`");
  const data = mkdtempSync(join(tmpdir(), "noroshi-e2e-"));
  const child = spawn(binary, ["demo", "--data", data, "--listen", "127.0.0.1:0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment(data) },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const url = await address(child);
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
