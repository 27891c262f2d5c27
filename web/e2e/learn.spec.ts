// Lessons: a task is wrong at first, right in the end, and stays done.

import { expect, test } from "@playwright/test";
import { open } from "./people";

test("a brine is found that drops carnallite after halite, and the lesson is done", async ({ page }) => {
  await open(page, "/learn/carnallite");
  const task = page.locator(".task");
  await expect(task.getByRole("status")).toContainText("Not yet.");
  const handle = page.getByRole("slider", { name: /Composition/ });
  await handle.focus();
  // Towards more magnesium and less potassium, along the field of halite.
  for (let i = 0; i < 30 && !(await task.getByText("✓ Task, done").isVisible()); i++) {
    await page.keyboard.press(i % 3 === 2 ? "Shift+ArrowLeft" : "Shift+ArrowUp");
    await page.waitForTimeout(250);
  }
  await expect(task.getByText("✓ Task, done")).toBeVisible();
  await page.getByRole("link", { name: "All lessons" }).click();
  await expect(page.getByText("✓ Why carnallite needs its own pond")).toBeVisible();
});

test("the lithium that leaks is reckoned, a wrong answer gets a hint", async ({ page }) => {
  await open(page, "/learn/leakage");
  const cell = async (row: number) => Number((await page.locator(".lesson td.number").nth(row).innerText()).replace(/[^\d.]/g, ""));
  const [area_km2, li, leak, factor] = [await cell(0), await cell(1), await cell(2), await cell(3)];
  const answer = page.locator("input[name=answer]");
  await answer.fill("1");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.locator(".task [role=status]")).toContainText("Cubic metres a year");
  await answer.fill(String((leak / 1000) * area_km2 * 1e6 * 365 * li * factor / 1000));
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("✓ Task, done")).toBeVisible();
});

test("how long work should be able to wait is found by solving", async ({ page }) => {
  await open(page, "/learn/compute");
  const task = page.locator(".task");
  const slider = task.locator("input[type=range]");
  await slider.waitFor({ timeout: 60_000 });
  for (let i = 0; i < 9 && !(await task.getByText("✓ Task, done").isVisible()); i++) await slider.fill(String(i));
  await expect(task.getByText("✓ Task, done")).toBeVisible();
});
