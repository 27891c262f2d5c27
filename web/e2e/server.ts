// Begins the program with a played plant on a free port, and ends it after the tests.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PASSWORD = "patience of salt";

async function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export default async function begin(): Promise<() => void> {
  const root = join(import.meta.dirname, "../..");
  const program = process.env.SALTERN_PROGRAM ?? join(root, "target/debug/saltern");
  const data = mkdtempSync(join(tmpdir(), "saltern-console-"));
  const port = await freePort();
  const base = join(data, "base");
  cpSync(join(root, "examples/qarhan"), base, { recursive: true });
  // Addresses of its own, so that it gets along with whatever else runs here.
  const connections = join(base, "connections.csv");
  let text = readFileSync(connections, "utf8");
  for (const [address] of text.matchAll(/127\.0\.0\.1:\d+/g)) text = text.replace(address, `127.0.0.1:${await freePort()}`);
  writeFileSync(connections, text);
  const server = spawn(program, ["serve", base, "--demo", "--speed", "60", "--data", join(data, "data"), "--listen", `127.0.0.1:${port}`], {
    env: { ...process.env, SALTERN_ADMIN_PASSWORD: PASSWORD },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  process.env.SALTERN_URL = url;
  process.env.SALTERN_PID = String(server.pid);
  for (let k = 0; ; k++) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) break;
    if (k > 600 || server.exitCode !== null) throw new Error("the server does not answer");
    await new Promise((next) => setTimeout(next, 200));
  }
  return () => {
    server.kill("SIGINT");
    server.on("exit", () => rmSync(data, { recursive: true, force: true }));
  };
}
