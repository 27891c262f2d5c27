// Phase diagrams: a composition is moved by keys, numbers open their source, and what cannot be drawn is refused plainly.

import { expect, test } from "@playwright/test";
import { open } from "./people";

test("a composition is moved into another field, and its brine and path are told anew", async ({ page }) => {
  await open(page, "/diagrams?system=Na,K,Mg//Cl,SO4&over=Halite&t=25");
  const handle = page.getByRole("slider", { name: /Composition/ });
  await expect(handle).toHaveAttribute("aria-valuetext", /first salt: sylvite/);
  await expect(page.locator(".first")).toHaveText("saturated with sylvite");
  await handle.focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("Shift+ArrowRight");
  await expect(handle).toHaveAttribute("aria-valuetext", /first salt: (carnallite|kainite)/);
  await expect(page.locator(".appears", { hasText: "bischofite" })).toBeVisible();
  const activity = page.locator(".brine-tables .explained").first();
  const before = await activity.innerText();
  await page.locator("input[type=range]").first().fill("60");
  await expect(page.locator("h2", { hasText: "at 60 °C" })).toBeVisible();
  await expect(activity).not.toHaveText(before);
});

test("a number opens its equation, unit and source, and closes by Escape", async ({ page }) => {
  await open(page, "/diagrams");
  await page.locator(".brine-tables .explained").first().click();
  const said = page.getByRole("dialog", { name: /Water activity/ });
  await expect(said).toContainText("ln a_w");
  await expect(said).toContainText("Pitzer");
  await page.keyboard.press("Escape");
  await expect(said).toBeHidden();
});

test("a system that cannot be drawn is refused with what to do", async ({ page }) => {
  await open(page, "/diagrams?system=NaCl-H2O&over=&t=25");
  await expect(page.getByRole("alert")).toContainText("name two salts or more");
  await page.fill("input[name=system]", "KCl-MgCl2-H2O");
  await page.getByRole("button", { name: "Draw" }).click();
  await expect(page.locator(".phase .name", { hasText: "carnallite" })).toBeVisible();
});
