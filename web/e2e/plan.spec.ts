// Plans: one is made from the page, drawn, asked why not, and a harvest of it is moved and its consequence told.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { open } from "./people";

/** Late enough that ponds are harvested and the plan beats the rules of the base. */
const TO = "2027-05-31";
const LOOKS = [
  { lang: "en", theme: "light" },
  { lang: "zh", theme: "dark" },
] as const;

/** Makes the plan that the tests look at, unless an earlier one has. */
async function planned(page: Page): Promise<void> {
  await open(page, "/plan");
  const bars = page.locator(".gantt g.bar");
  const none = page.getByText("There is no plan of production yet.");
  await expect(bars.first().or(none)).toBeVisible();
  if (await none.isHidden()) return;
  await page.getByRole("button", { name: "New plan" }).click();
  const dialog = page.locator("dialog");
  await dialog.locator("input[name=name]").fill("spring");
  await dialog.locator("input[name=to]").fill(TO);
  await dialog.locator("button.primary").click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(bars.first()).toBeVisible({ timeout: 240_000 });
}

test("a plan is made from the page and drawn, with its stocks, its wedge and what binds", async ({ page }) => {
  test.setTimeout(300_000);
  await planned(page);
  await expect(page.getByRole("combobox", { name: "Plan" })).toHaveValue("spring");
  const rows = page.locator(".gantt g.line.harvest");
  expect(await rows.count()).toBeGreaterThan(3);
  expect(await page.locator(".gantt g.line.plant rect.bar").count()).toBeGreaterThan(2);
  await page.getByText("As a table").first().click();
  await expect(page.getByRole("row", { name: /c\d_spring.*2027-0[34]/ }).first()).toBeVisible();
  await expect(page.locator(".wedge path.median")).toHaveCount(1);
  await expect(page.locator(".panel", { hasText: "What stands in the way of more" })).toContainText(/(plants|demand|transport)\.csv, row/);
});

test("why not is answered with the row of the folder, also from an empty place of the chart", async ({ page }) => {
  test.setTimeout(300_000);
  await planned(page);
  const panel = page.locator(".panel", { hasText: "Why not?" });
  await panel.getByLabel("On", { exact: true }).fill("2027-02-01");
  await panel.getByLabel("Why is not more done of").selectOption("harvest c2_spring");
  await expect(panel).toContainText("c2_spring is out of its season");
  await expect(panel).toContainText("choices.csv, row 4");
  await page.locator(".gantt g.line.harvest rect.ground").first().click({ position: { x: 5, y: 8 } });
  await expect(panel.getByLabel("On", { exact: true })).toHaveValue("2027-01-01");
  await expect(panel).toContainText("c1_spring is out of its season");
});

test("a harvest is moved by keyboard or mouse, simulated, and what comes of it stands beside the plan", async ({ page }) => {
  test.setTimeout(300_000);
  await planned(page);
  const bar = page.locator(".gantt g.bar").first();
  await bar.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+ArrowLeft");
  await expect(bar).toHaveAttribute("aria-label", /moved by −7 days/);
  const box = (await bar.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 120, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const days = Number(/moved by −(\d+) days/.exec((await bar.getAttribute("aria-label")) ?? "")?.[1]);
  expect(days).toBeGreaterThan(7);
  await page.getByRole("button", { name: "Simulate this" }).click();
  const consequence = page.locator(".consequence");
  await expect(consequence).toBeVisible({ timeout: 120_000 });
  await expect(consequence.getByRole("row", { name: /^product KCl/ })).toContainText(/[+-]\d/);
  await expect(consequence.getByRole("row", { name: /^feed ahead/ })).toHaveCount(2);
  await expect(consequence.getByLabel("Moved")).toContainText(`−${days} d`);
});

for (const looks of LOOKS) {
  test(`the page with a plan is for everybody: ${looks.lang}, ${looks.theme}`, async ({ page }) => {
    test.setTimeout(300_000);
    await planned(page);
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(error.message));
    await open(page, "/plan", looks);
    await expect(page.locator(".gantt g.bar").first()).toBeVisible();
    const found = await new AxeBuilder({ page }).analyze();
    const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
    expect(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`)).toEqual([]);
    const said = await page.locator("main").innerText();
    if (looks.lang === "en") expect(said).not.toMatch(/[\u4e00-\u9fff]/);
    else expect(said).not.toMatch(/Why not|What stands|Harvests/);
    expect(failures).toEqual([]);
  });
}
