// What the console takes, measured in a real browser: times are printed, never asserted, for machines differ; memory has to be flat.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { open, url } from "./people";
import { PASSWORD, serve } from "./server";

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const at = (values: number[], share: number): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const say = (what: string, figure: string) => console.log(`${what}: ${figure}`);

/** From the first byte asked for until something useful is painted. */
async function painted(page: Page, path: string, mark: string): Promise<number> {
  const begun = Date.now();
  await page.goto(url(path));
  await page.locator(mark).first().waitFor();
  return Date.now() - begun;
}

test("first load @bars", async ({ browser }) => {
  const [cold, warm]: [number[], number[]] = [[], []];
  let bytes = 0;
  for (let k = 0; k < 5; k++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send("Network.enable");
    client.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await open(page, "/");
    await page.locator(".lake-map .pond").first().waitFor();
    warm.push(await painted(page, "/", ".lake-map .pond"));
    await client.send("Network.clearBrowserCache");
    cold.push(await painted(page, "/", ".lake-map .pond"));
    await context.close();
  }
  say("lake painted, nothing cached, median of 5 [ms]", String(median(cold)));
  say("lake painted, cached, median of 5 [ms]", String(median(warm)));
  say("loaded by three visits of the lake, data among it [kB]", (bytes / 5 / 1000).toFixed(0));
});

test("a month of a tag @bars", async ({ page }) => {
  await open(page, "/trend?tags=n1.level&hours=24");
  await page.locator(".trend canvas").waitFor();
  const drawn: number[] = [];
  const zoomed: number[] = [];
  for (let k = 0; k < 7; k++) {
    const answer = () => page.waitForResponse((response) => response.url().includes("/trend?"));
    const timed = async (work: () => Promise<void>) => {
      const begun = Date.now();
      const come = answer();
      await work();
      await come;
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      return Date.now() - begun;
    };
    drawn.push(await timed(() => page.getByRole("button", { name: "30 d" }).click()));
    const box = (await page.locator(".u-over").boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 50);
    zoomed.push(await timed(() => page.mouse.up()));
    await timed(() => page.getByRole("button", { name: "1 d", exact: true }).click());
  }
  say("a month of a tag drawn, median of 7 [ms]", String(median(drawn)));
  say("zoom, median of 7 [ms]", String(median(zoomed)));
});

const TAGS = 10_000;
const SECONDS = Number(process.env.SALTERN_SECONDS ?? 30);

test("a thousand live values of ten thousand tags @bars", async ({ page }) => {
  test.setTimeout((SECONDS + 120) * 1000);
  const head = "id,asset,name,name_zh,unit,quantity,component,low,high,resolution,source,connection,period [s],deadband,retention [d],writable,write_min,write_max,two_persons";
  const name = (k: number) => `t${String(k).padStart(5, "0")}`;
  const rows = Array.from({ length: TAGS }, (_, k) => `${name(k)},works,Tag ${k},位号 ${k},m,level,,0,10,0.001,manual,,1,,,,,,`);
  const server = await serve((base) => {
    mkdirSync(base);
    writeFileSync(join(base, "assets.csv"), "id,parent,level,name,name_zh,node,tenant\nworks,,enterprise,Works,工厂,,\n");
    writeFileSync(join(base, "tags.csv"), `${head}\n${rows.join("\n")}\n`);
  }, []);
  let isOver = false;
  try {
    const signed = await fetch(`${server.url}/api/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "admin", password: PASSWORD }) });
    const { guard } = (await signed.json()) as { guard: string };
    const headers = { "content-type": "application/json", "x-saltern-guard": guard, cookie: (signed.headers.get("set-cookie") ?? "").split(";")[0]! };
    const feed = (async () => {
      for (let round = 0; !isOver; round++) {
        const samples = Array.from({ length: TAGS }, (_, k) => ({ tag: name(k), value: 5 + Math.sin(round / 7 + k) }));
        const next = Date.now() + 1000;
        await fetch(`${server.url}/api/samples`, { method: "POST", headers, body: JSON.stringify({ samples }) });
        await new Promise((done) => setTimeout(done, Math.max(0, next - Date.now())));
      }
    })();
    process.env.SALTERN_URL = server.url;
    await open(page, "/data");
    await page.locator("main select").last().selectOption("1000");
    await page.locator("tbody tr").nth(999).waitFor();
    await page.waitForTimeout(3000);
    const client = await page.context().newCDPSession(page);
    await client.send("HeapProfiler.enable");
    const heap = async () => {
      await client.send("HeapProfiler.collectGarbage");
      const { usedSize } = await client.send("Runtime.getHeapUsage");
      return usedSize / 1e6;
    };
    const before = await heap();
    const { frames, changes } = await page.evaluate(
      (seconds) =>
        new Promise<{ frames: number[]; changes: number }>((done) => {
          const frames: number[] = [];
          let changes = 0;
          const observer = new MutationObserver((records) => (changes += records.length));
          observer.observe(document.querySelector("tbody:last-of-type")!.ownerDocument.body, { subtree: true, characterData: true, childList: true });
          let last = performance.now();
          const end = last + seconds * 1000;
          const frame = (now: number) => {
            frames.push(now - last);
            last = now;
            if (now < end) requestAnimationFrame(frame);
            else {
              observer.disconnect();
              done({ frames, changes });
            }
          };
          requestAnimationFrame(frame);
        }),
      SECONDS,
    );
    say("values that changed on the page a second", (changes / SECONDS).toFixed(0));
    say("frame, 95 of 100 [ms]", at(frames, 0.95).toFixed(1));
    say("frame, worst [ms]", Math.max(...frames).toFixed(1));
    const after = await heap();
    say(`memory of the page before and after ${SECONDS} s [MB]`, `${before.toFixed(1)}, ${after.toFixed(1)}`);
    // Flat: the frames of the measurement itself are kept, 8 bytes each.
    expect(after - (frames.length * 8) / 1e6).toBeLessThan(1.25 * before + 2);
    isOver = true;
    await feed;
  } finally {
    isOver = true;
    server.end();
  }
});
