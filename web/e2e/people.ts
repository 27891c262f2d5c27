// What tests do as a person does.

import { expect, type Cookie, type Page } from "@playwright/test";
import { PASSWORD } from "./server";

export const url = (path: string): string => `${process.env.SALTERN_URL}${path}`;

export interface Looks {
  lang?: "en" | "zh";
  theme?: "light" | "dark";
}

/** The session of who signed in before: a server lets nobody sign in as often as there are tests. */
let session: Cookie[] = [];

/** Opens a page as somebody who is signed in. */
export async function open(page: Page, path: string, { lang = "en", theme = "light" }: Looks = {}): Promise<void> {
  await page.addInitScript(([lang, theme]) => {
    localStorage.setItem("lang", lang!);
    localStorage.setItem("theme", theme!);
  }, [lang, theme]);
  await page.context().addCookies(session);
  await page.goto(url(path));
  await page.locator("input[name=password], main.page").first().waitFor();
  if (await page.locator("input[name=password]").count()) {
    await page.fill("input[name=name]", "admin");
    await page.fill("input[name=password]", PASSWORD);
    await page.locator("button.primary").click();
    await expect(page.locator("main.page")).toBeVisible();
    session = await page.context().cookies();
  }
  await expect(page.locator("main.page")).toBeVisible();
}
