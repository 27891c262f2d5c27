import { expect, test } from "vitest";
import { meansOnSteps, onSteps, overall } from "./by-time";

const TIMES = ["2027-07-02T00:00", "2027-07-02T01:00", "2027-07-02T02:00"];

test("a series is laid on the steps that it tells of", () => {
  const series = {
    columns: [
      { name: "time", unit: "", numbers: [], texts: ["2027-07-02T01:00", "2027-07-02T00:00", "2027-07-09T00:00"] },
      { name: "p50", unit: "MW", numbers: [5, 4, 9], texts: [] },
    ],
  };
  expect(onSteps(series, "p50", TIMES)).toEqual([4, 5, null]);
  expect(onSteps(series, "none", TIMES)).toEqual([null, null, null]);
});

test("buckets are laid on the hours that their middles lie in, by how many values they have, in MW", () => {
  const start = Date.parse("2027-07-01T16:00Z") - 1_800_000;
  // Buckets of 40 minutes that begin at 23:30, 0:10, 0:50, 1:30, 2:10; the first lies before all.
  const trend = { start_ms: [0, 1, 2, 3, 4].map((k) => start + k * 2_400_000), mean: [9000, 1000, 4000, null, 3000], count: [4, 4, 4, 0, 2] };
  expect(meansOnSteps(trend, TIMES, 60, 8, 1e-3)).toEqual([1, 4, 3]);
  expect(meansOnSteps({ start_ms: [], mean: [], count: [] }, TIMES, 60, 8)).toEqual([null, null, null]);
  const [weighed] = meansOnSteps({ start_ms: [start + 1_800_000, start + 1_900_000], mean: [1, 4], count: [1, 2] }, TIMES, 60, 8);
  expect(weighed).toBe(3);
});

test("the score of a forecast is that over all hours ahead", () => {
  const column = (name: string, numbers: (number | null)[]) => ({ name, unit: "", numbers, texts: [] });
  const scores = { columns: [column("lead", [1, 24, null]), column("rmse", [2, 30, 15.8]), column("within_80", [90, 70, 77]), column("skill_persistence", [1, 40, 19])] };
  expect(overall(scores)).toEqual({ rmse_mw: 15.8, within: 77, skill: 19 });
  expect(overall({ columns: [] })).toBeNull();
  // Persistence made no error: nothing is said of being better.
  const exact = { columns: [...scores.columns.slice(0, 3), column("skill_persistence", [1, 40, null])] };
  expect(overall(exact)?.skill).toBeNull();
});
