import { expect, test } from "vitest";
import { dayOf, instant, later, stepsUntil } from "./moments";

test("local standard time and instants lead to each other", () => {
  expect(new Date(instant("2027-07-02T00:00", 8)).toISOString()).toBe("2027-07-01T16:00:00.000Z");
  expect(dayOf(Date.parse("2027-07-01T15:59:00Z"), 8)).toBe("2027-07-01");
  expect(dayOf(Date.parse("2027-07-01T16:00:00Z"), 8)).toBe("2027-07-02");
  expect(later("2027-12-30", 3)).toBe("2028-01-02");
  expect(stepsUntil(Date.parse("2027-07-01T22:30:00Z"), "2027-07-02T00:00", 8, 60)).toBe(6.5);
});
