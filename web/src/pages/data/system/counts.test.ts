import { expect, test } from "vitest";
import { megabytes, refusals } from "./counts";

test("what was turned away most stands first, and what never was stands nowhere", () => {
  expect(refusals({ "sample.future": 2, "sample.unreadable": 0, "sample.too_old": 7, "sample.infinite": 2 })).toEqual([
    ["sample.too_old", 7],
    ["sample.future", 2],
    ["sample.infinite", 2],
  ]);
  expect(megabytes(2_500_000)).toBe(2.5);
});
