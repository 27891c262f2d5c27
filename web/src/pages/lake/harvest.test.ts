import { expect, test } from "vitest";
import { nextHarvest } from "./harvest";

const harvests = [
  { id: "spring", pond: "c1", month: 4, day: 10, days: 75 },
  { id: "autumn", pond: "c1", month: 8, day: 20, days: 80 },
  { id: "winter", pond: "b1", month: 12, day: 20, days: 30 },
];
const at = (text: string) => Date.parse(text);

test("a campaign that runs is told by what is left of it, else the next by the days until then", () => {
  expect(nextHarvest(harvests, "c1", at("2027-04-10T12:00Z"), 0)).toEqual({ in_d: 0, left_d: 75 });
  expect(nextHarvest(harvests, "c1", at("2027-06-23T12:00Z"), 0)).toEqual({ in_d: 0, left_d: 1 });
  expect(nextHarvest(harvests, "c1", at("2027-07-02T12:00Z"), 0)).toEqual({ in_d: 49, left_d: 0 });
  // From the last of the year to the first of the next.
  expect(nextHarvest(harvests, "c1", at("2027-12-01T12:00Z"), 0)).toEqual({ in_d: 131, left_d: 0 });
  expect(nextHarvest(harvests, "b1", at("2028-01-05T12:00Z"), 0)).toEqual({ in_d: 0, left_d: 14 });
  expect(nextHarvest(harvests, "n1", at("2027-07-02T12:00Z"), 0)).toBeNull();
});

test("the day is that of the base", () => {
  // Evening in Greenwich is the next morning in Qinghai.
  expect(nextHarvest(harvests, "c1", at("2027-08-19T18:00Z"), 8)).toEqual({ in_d: 0, left_d: 80 });
});
