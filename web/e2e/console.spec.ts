// Every page, in both languages, by day and by night: nothing fails, nothing is out of reach, no text of the other language.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { open, url } from "./people";

const PAGES = [
  "/",
  "/pond",
  "/trend",
  "/plants",
  "/plants/magnesium_metal",
  "/diagrams",
  "/circulation",
  "/energy",
  "/plan",
  "/alarms",
  "/scenarios",
  "/learn",
  "/learn/evaporation",
  "/learn/carnallite",
  "/learn/leakage",
  "/learn/storm",
  "/learn/compute",
  "/data",
  "/data/assays",
  "/data/closings",
  "/data/people",
  "/data/audit",
  "/data/system",
];
const LOOKS = [
  { lang: "en", theme: "light" },
  { lang: "zh", theme: "light" },
  { lang: "en", theme: "dark" },
  { lang: "zh", theme: "dark" },
] as const;

for (const path of PAGES) {
  test(`${path} in both languages, light and dark`, async ({ page }) => {
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(error.message));
    for (const looks of LOOKS) {
      await open(page, path, looks);
      await expect(page.locator("main.page > *").first()).toBeVisible();
      await expect(page.locator(".top .number")).toContainText(looks.lang === "zh" ? "实时" : "live");
      const found = await new AxeBuilder({ page }).analyze();
      const serious = found.violations.filter((violation) => violation.impact === "serious" || violation.impact === "critical");
      expect(serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(" ")}`)).toEqual([]);
      const said = await page.locator("body").innerText();
      if (looks.lang === "en") expect(said.replace(/中文/g, "")).not.toMatch(/[\u4e00-\u9fff]/);
    }
    expect(failures).toEqual([]);
  });
}

test("a stranger is asked to sign in, and a wrong password is said plainly", async ({ page }) => {
  await page.goto(url("/alarms"));
  await page.fill("input[name=name]", "admin");
  await page.fill("input[name=password]", "wrong");
  await page.locator("button.primary").click();
  await expect(page.getByRole("alert")).toContainText(/wrong|错误/);
});

test("a pond is chosen by keyboard and opened", async ({ page }) => {
  await open(page, "/");
  const pond = page.locator(".lake-map .pond").first();
  await pond.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".card h1")).not.toBeEmpty();
  await page.locator(".card-panel a").click();
  await expect(page).toHaveURL(/\/pond\//);
  await expect(page.locator(".trend canvas").first()).toBeVisible();
});

test("nothing is shown as live while the server is out of reach, and it comes back by itself", async ({ page }) => {
  await open(page, "/");
  await page.locator(".lake-map .pond").first().click();
  const value = page.locator(".card .value").first();
  await expect(value).not.toHaveText("–");
  const server = Number(process.env.SALTERN_PID);
  process.kill(server, "SIGSTOP");
  try {
    await expect(page.locator(".top")).toContainText("nothing shown is live");
    await expect(page.locator("body")).toHaveClass(/gone/);
    await expect(value).toHaveCSS("text-decoration-line", "line-through");
  } finally {
    process.kill(server, "SIGCONT");
  }
  await expect(page.locator(".top .number")).toContainText("live");
  await expect(page.locator("body")).not.toHaveClass(/gone/);
});

test("a fault of the played plant becomes an alarm that is acknowledged", async ({ page }) => {
  await open(page, "/alarms");
  await page.locator(".top button.chip").click();
  await page.locator("dialog select").nth(1).selectOption("down");
  await page.locator("dialog button.primary").click();
  await expect(page.locator("dialog li").first()).toBeVisible();
  await page.locator("dialog li button").first().waitFor();
  await page.keyboard.press("Escape");
  const row = page.locator("tbody tr", { has: page.getByRole("button", { name: "Acknowledge" }) }).first();
  await row.waitFor({ timeout: 60_000 });
  const name = await row.locator("td a").innerText();
  await row.getByRole("button", { name: "Acknowledge" }).click();
  const same = page.locator("tbody tr", { hasText: name }).first();
  await expect(same).toContainText("acknowledged");
  // The plant is mended again.
  await page.locator(".top button.chip").click();
  await page.locator("dialog li button").first().click();
  await expect(page.locator("dialog li")).toHaveCount(0);
});

/** Asks for a simulation in the dialog of scenarios, from the first of May on: plants stand still in winter. */
async function simulate(page: Page, name: string, to: string): Promise<void> {
  await page.getByRole("button", { name: "New run" }).click();
  const dialog = page.locator("dialog");
  await dialog.locator("input[name=name]").fill(name);
  await dialog.locator("select[name=state]").selectOption("opening");
  await dialog.locator("input[name=from]").fill("2027-05-01");
  await dialog.locator("input[name=to]").fill(to);
  await dialog.locator("button.primary").click();
  await expect(dialog).toHaveCount(0);
}

test("simulations are begun, called off, set side by side, told as a report and as a workbook", async ({ page }) => {
  test.setTimeout(240_000);
  await open(page, "/scenarios");
  await simulate(page, "days-three", "2027-05-03");
  await simulate(page, "days-five", "2027-05-05");
  await simulate(page, "till-december", "2027-12-31");
  const job = page.locator("tr", { hasText: "till-december" });
  await job.getByRole("button", { name: "Call off" }).click();
  await expect(job).toContainText("called off");
  const run = (name: string) => page.locator("tr", { hasText: name }).filter({ has: page.getByRole("checkbox") });
  for (const name of ["days-three", "days-five"]) await run(name).getByRole("checkbox").check({ timeout: 200_000 });
  await expect(page.getByRole("heading", { name: "Side by side" })).toBeVisible();
  const way = async (name: string) => url((await run("days-three").getByRole("link", { name }).getAttribute("href")) ?? "");
  const report = await page.request.get(await way("Report"));
  expect(await report.text()).toContain("<svg");
  const workbook = await page.request.get(await way("XLSX"));
  expect((await workbook.body()).subarray(0, 2).toString()).toBe("PK");
  await run("days-three").getByRole("button", { name: "Tables" }).click();
  const ponds = page.locator("dialog tr", { hasText: "ponds" }).getByRole("link", { name: "Parquet" });
  const parquet = await page.request.get(url((await ponds.getAttribute("href")) ?? ""));
  expect((await parquet.body()).subarray(0, 4).toString()).toBe("PAR1");
  await page.keyboard.press("Escape");
  await run("days-five").getByRole("button", { name: "Name and note" }).click();
  await page.locator("dialog input[name=name]").fill("days-one-to-five");
  await page.locator("dialog textarea[name=note]").fill("开年五天");
  await page.locator("dialog button.primary").click();
  await expect(run("days-one-to-five")).toContainText("开年五天");
  await run("days-three").getByRole("link", { name: "Circulation" }).click();
  await expect(page.locator("main svg path.flow")).not.toHaveCount(0);
  // The accounts of the same days stand beside; figures open their definitions, and carbon goes from what is used to who uses it.
  await expect(page.getByRole("heading", { name: "Recovery of K" })).toBeVisible();
  const indicators = page.locator("section.panel", { has: page.getByRole("heading", { name: "Indicators" }) });
  await indicators.locator("button.explained").first().click();
  await expect(page.locator(".explanation:popover-open .equation")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByLabel("What goes round").selectOption("carbon");
  await expect(page.locator("main svg path.flow").first()).toHaveAttribute("aria-label", /electricity → .* t CO₂e/);
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id)).toEqual([]);
});

test("the first load is small, and paints soon", async ({ page }) => {
  let bytes = 0;
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  client.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto(url("/"));
  await page.locator("input[name=password]").waitFor();
  expect(bytes).toBeLessThan(400_000);
  test.info().annotations.push({ type: "first load, bytes", description: String(bytes) });
});

test("analyses come from a laboratory's sheet, or are told with their place", async ({ page }) => {
  await open(page, "/data/assays");
  await page.getByRole("button", { name: "From a sheet" }).click();
  const dialog = page.locator("dialog");
  const rows = dialog.locator("textarea");
  await rows.fill("time\tpond\tK\nyesterday\tc1\t12");
  await expect(dialog.getByRole("alert")).toContainText("Row 2, time: “yesterday” is no time");
  await expect(dialog.getByRole("button", { name: "Store all" })).toBeDisabled();
  await rows.fill("time\tpond\tK\tMg\n2027-06-30 08:01\tc1\t12\t80\n2027-06-30 08:01\tc2\t11\t");
  await expect(dialog.getByRole("status")).toContainText("2 analyses with 3 figures");
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id)).toEqual([]);
  await dialog.getByRole("button", { name: "Store all" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator("tbody tr", { hasText: "08:01" })).toHaveCount(2);
});
