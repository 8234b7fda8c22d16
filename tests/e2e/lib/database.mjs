// Changing the embedded database behind the server's back: time that passes, a form that is replaced.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROGRAM = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=20) as database:
    changed = database.execute(sys.argv[2]).rowcount
print(changed)
`;

/** Runs one statement and fails when it changed nothing. */
export function changeDatabase(server, statement) {
  const run = spawnSync("python3", ["-c", PROGRAM, join(server.data, "noroshi.sqlite"), statement], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  if (run.stdout.trim() === "0") throw new Error(`nothing changed: ${statement}`);
}

const QUESTION = `
import sqlite3, sys
with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=20) as database:
    print(database.execute(sys.argv[2]).fetchone()[0])
`;

/** The first value of the first row that a query finds. */
export function askDatabase(server, query) {
  const run = spawnSync("python3", ["-c", QUESTION, join(server.data, "noroshi.sqlite"), query], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}
