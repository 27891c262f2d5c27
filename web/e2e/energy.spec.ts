// Energy and compute: sliders that re-solve the dispatch, the table beside a picture, a plan of dispatch from the scenarios.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { open } from "./people";

const figure = (page: Page, name: string) => page.locator(".key-figures > div", { hasText: name });
const amount = async (page: Page, name: string): Promise<number> => Number((await figure(page, name).locator("dd.value-of").innerText()).replace(/[^0-9.−-]/g, "").replace("−", "-"));

/** Moves a slider by so many steps, as a person does by keyboard. */
async function move(page: Page, name: string, steps: number): Promise<void> {
  const slider = page.getByRole("slider", { name });
  await slider.focus();
  for (let k = 0; k < Math.abs(steps); k++) await page.keyboard.press(steps > 0 ? "ArrowRight" : "ArrowLeft");
}

test("a slider moved solves the dispatch anew, and tells the difference to the base case", async ({ page }) => {
  await open(page, "/energy?from=2027-10-12&days=3");
  const power = page.getByRole("img", { name: "Power at Park bus" });
  await expect(power).toBeVisible({ timeout: 30_000 });
  const before = await amount(page, "Cost");
  expect(before).toBeGreaterThan(0);
  await move(page, "Photovoltaics: capacity", 10);
  const change = figure(page, "Cost").locator("dd.change");
  await expect(change).toContainText("less than the base case");
  const after = await amount(page, "Cost");
  expect(after).toBeLessThan(before);
  const told = Number((await change.innerText()).replace(/[^0-9.]/g, ""));
  expect(Math.abs(before - after - told)).toBeLessThan(0.002 * before);
  await expect(figure(page, "Direct CO₂").locator("dd.change")).toContainText("less than the base case");
  // A price of carbon makes the plan dearer, and no dirtier.
  await move(page, "Price of carbon", 10);
  await expect.poll(() => amount(page, "Cost")).toBeGreaterThan(after);
  await page.getByRole("button", { name: "Back to the base" }).click();
  await expect.poll(() => amount(page, "Cost")).toBe(before);
  await expect(change).toBeEmpty();
});

test("what a picture shows is in a table beside it, hour by hour", async ({ page }) => {
  await open(page, "/energy?from=2027-10-12&days=1");
  await page.getByText("Power at Park bus: as a table").click();
  const rows = page.getByRole("region", { name: "Power at Park bus" }).locator("tbody tr");
  await expect(rows).toHaveCount(24);
  await page.getByRole("slider", { name: "Hour" }).focus();
  await page.keyboard.press("Home");
  await expect(page.locator(".hour-picker output")).toContainText("00:00");
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.filter((one) => one.impact === "serious" || one.impact === "critical").map((one) => one.id)).toEqual([]);
});

test("what sun, stores, grid and hall did stands beside their plan", async ({ page }) => {
  // Two days before the played plant is first seen: its past.
  await open(page, "/energy?from=2027-06-29&days=1");
  for (const unit of ["Photovoltaics", "Battery", "Grid", "Computing hall"]) {
    const title = `${unit}: planned and measured`;
    await page.getByText(`${title}: as a table`).click();
    const rows = page.getByRole("region", { name: title }).locator("tbody tr");
    await expect(rows).toHaveCount(24);
    const cells = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].slice(1).map((cell) => Number(cell.textContent!.replace("−", "-").replace(/,/g, "")))));
    const [planned, differing] = [cells.map(([plan]) => Math.abs(plan!)), cells.map(([plan, measured]) => Math.abs(plan! - measured!))];
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(planned), unit).toBeGreaterThan(24);
    // The plant follows the plan of the whole year, in which what is at work may be partly on.
    expect(sum(differing), unit).toBeLessThan(0.25 * sum(planned));
  }
});

test("a plan of dispatch and a forecast asked for among the scenarios are shown with the energy", async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, "/scenarios");
  await page.getByRole("button", { name: "New run" }).click();
  const dialog = page.locator("dialog[open]");
  await dialog.locator("select").first().selectOption("dispatch");
  await dialog.locator("input[name=name]").fill("power-january");
  await dialog.locator("input[name=to]").fill("2027-02-14");
  await dialog.locator("button.primary").click();
  await expect(dialog).toHaveCount(0);
  const run = page.locator("tr", { hasText: "power-january" }).filter({ has: page.getByRole("checkbox") });
  await run.getByRole("link", { name: "Energy" }).click({ timeout: 60_000 });
  await expect(page.getByRole("img", { name: "Power at Park bus" })).toBeVisible();
  await expect(page.getByLabel("From")).toHaveValue("2027-01-01");
  await expect(page.getByText("Storage and work that waits earn")).toBeVisible();
  await expect(page.getByText("Service of work")).toBeVisible();
  // Another week of it, and what was forecast of that.
  await page.getByLabel("From").fill("2027-02-05");
  await expect(page.locator(".hour-picker output")).toContainText("05/02/2027");
  await page.getByRole("button", { name: "Make a forecast" }).click();
  await expect(page.getByRole("img", { name: "Photovoltaics: forecast" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("img", { name: "Wind: forecast" })).toBeVisible();
  await expect(page.getByText("less than persistence")).toHaveCount(2);
});
