import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While the console is worked on, `npm run dev` shows it with the data of a server on this machine.
const server = process.env.SALTERN_SERVER ?? "http://127.0.0.1:8321";

/** Puts a compressed copy beside every file that is worth it: the server hands it out as it is. */
function compressed() {
  return {
    name: "compressed",
    closeBundle() {
      for (const entry of readdirSync("dist", { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.endsWith(".gz")) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        if (bytes.length > 1000) writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/api": server, "/healthz": server } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
