import { defineConfig } from "@playwright/test";

// A real browser against the real server, which plays a plant. The server is begun once for all tests.
export default defineConfig({
  testDir: "e2e",
  // Figures are measured when they are asked for: `npm run bars`.
  grep: process.env.SALTERN_BARS ? /@bars/ : undefined,
  grepInvert: process.env.SALTERN_BARS ? undefined : /@bars/,
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  globalSetup: "./e2e/server.ts",
  use: {
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.SALTERN_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
});
