import { expect, test } from "vitest";
import { daysLost, dissolvedHalite, evaporating, isCleanCarnallite, isNear, lostLce, shortestWait } from "./sums";

test("a leak of 1 mm/d from a square kilometre at 1 g/L of lithium takes 1943 t of carbonate a year", () => {
  // 0.001 m × 1e6 m² × 365 d = 365,000 m³ with 365 t of lithium; 365 × 5.323.
  expect(lostLce(1, 1e6, 1)).toBeCloseTo(1942.8, 0);
});

test("a storm undoes days and dissolves salt", () => {
  expect(daysLost(20, 5)).toBe(4);
  // 20 mm on a square kilometre are 20,000 t of water.
  expect(dissolvedHalite(20, 1e6)).toBeCloseTo(7180, 6);
});

test("answers may be rounded, not guessed", () => {
  expect(isNear(102, 100)).toBe(true);
  expect(isNear(110, 100)).toBe(false);
  expect(isNear(Number.NaN, 100)).toBe(false);
});

test("ponds' evaporation is a mean over days", () => {
  const columns = [
    { name: "pond", unit: "", numbers: [], texts: ["a", "b", "a", "b"] },
    { name: "evaporation", unit: "mm", numbers: [4, 2, 6, null], texts: [] },
    { name: "evaporation_fresh", unit: "mm", numbers: [8, 8, 8, 8], texts: [] },
    { name: "water_activity", unit: "-", numbers: [0.75, 0.4, 0.74, 0.39], texts: [] },
  ];
  expect(evaporating({ columns })).toEqual([
    { pond: "a", own: 5, fresh: 8, activity: 0.74 },
    { pond: "b", own: 2, fresh: 8, activity: 0.4 },
  ]);
});

test("carnallite is clean where no potassium came before it", () => {
  expect(isCleanCarnallite(["Halite", "Carnallite", "Bischofite"])).toBe(true);
  expect(isCleanCarnallite(["Halite", "Sylvite", "Carnallite"])).toBe(false);
  expect(isCleanCarnallite(["Carnallite", "Halite"])).toBe(false);
  expect(isCleanCarnallite(["Halite", "Bischofite"])).toBe(false);
});

test("the shortest wait that keeps most of the gain", () => {
  const costs = [[0, 100], [2, 96], [6, 91.5], [12, 90.5], [24, 90]] as const;
  expect(shortestWait(costs, 0.8)).toBe(6);
  expect(shortestWait([[0, 100], [24, 100]], 0.8)).toBeNull();
});
