// Plants: a flowsheet drawn from the model, at the feed of now, with what is in each stream.

import { expect, test } from "@playwright/test";
import { open } from "./people";

test("a stream is chosen by keyboard and told; flows are those of now or of the file", async ({ page }) => {
  await open(page, "/plants/kcl");
  await expect(page.locator(".flowsheet .unit")).not.toHaveCount(0);
  const ore = page.locator(".flowsheet .stream", { hasText: "Pond carnallite" }).first();
  await ore.focus();
  await page.keyboard.press("Enter");
  await expect(ore).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".inside")).toContainText("Pond carnallite");
  const flow = page.locator(".inside dd.number").first();
  await page.getByRole("button", { name: "as the plant's file says" }).click();
  await expect(flow).toHaveText("100 t/h");
  await page.getByRole("button", { name: "at the feed of now" }).click();
  await expect(flow).not.toHaveText("100 t/h");
});

test("where an element goes is told and closes", async ({ page }) => {
  await open(page, "/plants/lithium");
  await page.getByRole("button", { name: "Li", exact: true }).click();
  await expect(page.getByText("Where Li goes")).toBeVisible();
  await page.locator("main select").first().selectOption("residual");
  await expect(page).toHaveURL(/plants\/residual/);
});
