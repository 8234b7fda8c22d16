// A disk that fills up under the running server and has room again: `full_disk.c` between it and its folder.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./full_disk.c", import.meta.url));

export class FullDisk {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "noroshi-full-"));
    this.layer = join(this.folder, "full_disk.so");
    this.sign = join(this.folder, "full");
    const flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", this.layer, SOURCE, "-ldl"];
    const built = spawnSync("cc", flags, { encoding: "utf8" });
    if (built.status !== 0) throw new Error(`cc: ${built.error ?? built.stderr}`);
  }

  /** What the server is started with, so that its folder lies on this disk. */
  environment(data) {
    return { LD_PRELOAD: this.layer, NOROSHI_FULL_DISK_WATCH: data, NOROSHI_FULL_DISK_WHILE: this.sign };
  }

  fill() {
    writeFileSync(this.sign, "");
  }

  empty() {
    rmSync(this.sign, { force: true });
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
