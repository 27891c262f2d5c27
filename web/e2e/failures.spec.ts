// What goes wrong is said plainly, recovers by itself, and nothing stale is shown as live.

import { expect, test, type Page } from "@playwright/test";
import { open, url } from "./people";
import { PASSWORD } from "./server";

/** Asks the server as the page does, with the session's guard. */
async function asked<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([method, path, body]) => {
      const who = await (await fetch("/api/session")).json();
      const answer = await fetch(path!, { method: method!, headers: { "content-type": "application/json", "x-saltern-guard": who.guard }, ...(body ? { body } : {}) });
      return answer.status === 204 ? null : answer.json();
    },
    [method, path, body === undefined ? "" : JSON.stringify(body)],
  ) as Promise<T>;
}

test("a session that has ended asks for the password again, and the page goes on where it was", async ({ page, context }) => {
  await open(page, "/alarms");
  await context.clearCookies();
  await page.getByRole("link", { name: "Scenarios" }).click();
  await page.locator("input[name=password]").waitFor();
  await page.fill("input[name=name]", "admin");
  await page.fill("input[name=password]", PASSWORD);
  await page.locator("button.primary").click();
  await expect(page).toHaveURL(/\/scenarios$/);
  await expect(page.getByRole("button", { name: "New run" })).toBeVisible();
});

test("on a slow way the page says that it waits, and then shows what came", async ({ page }) => {
  await page.route("**/api/plants", async (route) => {
    await new Promise((later) => setTimeout(later, 3000));
    await route.continue();
  });
  await open(page, "/plants");
  await expect(page.getByText("loading …")).toBeVisible();
  await expect(page.locator(".flowsheet .unit").first()).toBeVisible();
});

test("an answer that never comes is said, and asked for again by a press", async ({ page }) => {
  let fails = true;
  await page.route("**/api/plants", (route) => (fails ? route.abort() : route.continue()));
  await open(page, "/plants");
  const said = page.getByRole("alert");
  await expect(said).toBeVisible();
  fails = false;
  await said.getByRole("button").click();
  await expect(page.locator(".flowsheet .unit").first()).toBeVisible();
  await expect(said).toHaveCount(0);
});

test("a tag whose source is gone is struck through, and comes back by itself", async ({ page }) => {
  await open(page, "/plants/kcl");
  const power = page.locator("main .value").first();
  await expect(power).not.toHaveText("–");
  await expect(power).not.toHaveClass(/stale/);
  const { number: fault } = await asked<{ number: number }>(page, "POST", "/api/demo/faults", { kind: "down", target: "plants", size: null });
  try {
    await expect(power).toHaveClass(/stale/, { timeout: 60_000 });
    await expect(power).toHaveCSS("text-decoration-line", "line-through");
  } finally {
    await asked(page, "DELETE", `/api/demo/faults/${fault}`);
  }
  await expect(power).not.toHaveClass(/stale/, { timeout: 60_000 });
});

test("a stranger finds the pond that will lose potassium first, and why, by three presses", async ({ page }) => {
  const phase = (pond: string, mineral: string, middle_d: number) => ({ pond, mineral, share_percent: 90, low_d: middle_d - 2, middle_d, high_d: middle_d + 5 });
  // A lake in which potassium is about to fall in a pond of halite; carnallite in its own pond is no loss, halite none of potassium.
  const phases = [phase("c1", "Bischofite", 3), phase("c2", "Carnallite", 4), phase("n5", "Sylvite", 9), phase("n4", "Carnallite", 25)];
  await page.route("**/api/estimates", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), evening: "2027-07-01", phases } });
  });
  await open(page, "/");
  let presses = 0;
  const press = async (what: ReturnType<Page["locator"]>) => {
    presses += 1;
    await what.click();
  };
  // The first row is what is lost first.
  const first = page.locator("tbody tr").first();
  await expect(first).toContainText("potassium is lost here");
  await expect(first).toContainText("Sylvite");
  await press(first.getByRole("button"));
  await press(page.locator(".card-panel a").last());
  await expect(page).toHaveURL(url("/pond/n5"));
  await expect(page.locator(".panel", { hasText: "What drops next" })).toContainText("Sylvite");
  expect(presses).toBeLessThanOrEqual(3);
});
