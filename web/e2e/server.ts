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

/** A server that was begun. */
export interface Begun {
  url: string;
  pid: number;
  /** Ends it, and removes what it wrote. */
  end: () => void;
}

/** Begins the program on a base in a folder of its own, and waits until it answers. */
export async function serve(prepare: (base: string) => Promise<void> | void, options: string[]): Promise<Begun> {
  const program = process.env.SALTERN_PROGRAM ?? join(ROOT, "target/debug/saltern");
  const folder = mkdtempSync(join(tmpdir(), "saltern-console-"));
  const base = join(folder, "base");
  await prepare(base);
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(program, ["serve", base, ...options, "--data", join(folder, "data"), "--listen", url.slice("http://".length)], {
    env: { ...process.env, SALTERN_ADMIN_PASSWORD: PASSWORD },
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (let k = 0; ; k++) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.ok) break;
    if (k > 600 || server.exitCode !== null) throw new Error("the server does not answer");
    await new Promise((next) => setTimeout(next, 200));
  }
  server.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return { url, pid: server.pid ?? 0, end: () => void server.kill("SIGINT") };
}

export const ROOT = join(import.meta.dirname, "../..");

export default async function begin(): Promise<() => void> {
  const played = async (base: string) => {
    cpSync(join(ROOT, "examples/qarhan"), base, { recursive: true });
    // Addresses of its own, so that it gets along with whatever else runs here.
    const connections = join(base, "connections.csv");
    let text = readFileSync(connections, "utf8");
    for (const [address] of text.matchAll(/127\.0\.0\.1:\d+/g)) text = text.replace(address, `127.0.0.1:${await freePort()}`);
    writeFileSync(connections, text);
  };
  const { url, pid, end } = await serve(played, ["--demo", "--speed", "60"]);
  process.env.SALTERN_URL = url;
  process.env.SALTERN_PID = String(pid);
  return end;
}
