// A PostgreSQL server of our own that can be stopped and started under the running portal.
import { spawn, spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folder of `initdb` and `postgres`; the gate sets it. */
export const PROGRAMS = process.env.NOROSHI_TEST_PG_PROGRAMS;
// Protects nothing: the server listens on this machine only and lives for one test.
const PASSWORD = "journey";

export class Postgres {
  #child = null;

  static async start() {
    const server = new Postgres();
    server.folder = mkdtempSync(join(tmpdir(), "noroshi-pg-"));
    server.port = await freePort();
    // PostgreSQL refuses to run as root; Debian's package brings this user.
    if (process.getuid() === 0) {
      const number = (flag) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
      server.user = { uid: number("-u"), gid: number("-g") };
      chownSync(server.folder, server.user.uid, server.user.gid);
    }
    const secret = join(server.folder, "secret");
    writeFileSync(secret, PASSWORD);
    const made = spawnSync(
      join(PROGRAMS, "initdb"),
      ["--username=noroshi", "--encoding=UTF8", "--locale=C", "--auth=password", `--pwfile=${secret}`, "--pgdata", server.#data()],
      { ...server.user, cwd: server.folder, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`initdb: ${made.error ?? made.stderr}`);
    await server.revive();
    return server;
  }

  get address() {
    return `postgres://noroshi:${PASSWORD}@127.0.0.1:${this.port}/postgres`;
  }

  #data() {
    return join(this.folder, "data");
  }

  /** Starts it on what is there, and returns when it answers. */
  async revive() {
    const args = ["-D", this.#data(), "-p", String(this.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
    this.#child = spawn(join(PROGRAMS, "postgres"), args, { ...this.user, cwd: this.folder, stdio: "ignore" });
    const asked = ["--quiet", "--host=127.0.0.1", `--port=${this.port}`, "--timeout=1"];
    while (spawnSync(join(PROGRAMS, "pg_isready"), asked).status !== 0) {
      if (this.#child.exitCode !== null) throw new Error("PostgreSQL ended");
    }
  }

  /** Stops it at once: connections are cut. */
  async stop() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGINT");
    await ended;
  }

  async close() {
    if (this.#child.exitCode === null) await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
