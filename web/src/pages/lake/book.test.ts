import { expect, test } from "vitest";
import { daysOf } from "./book";

test("rows of a book become days, the last one last", () => {
  const texts = (name: string, texts: string[]) => ({ name, unit: "", texts, numbers: [] });
  const columns = [
    texts("date", ["2027-07-02", "2027-07-01", "2027-07-01", "2027-07-02"]),
    texts("pond", ["a", "a", "b", "b"]),
    { name: "water_activity", unit: "-", texts: [], numbers: [0.7, 0.71, 0.5, null] },
  ];
  const days = daysOf({ columns }, "water_activity");
  expect(days.map(({ day }) => day)).toEqual(["2027-07-01", "2027-07-02"]);
  expect(days[0]!.values).toEqual(new Map([["a", 0.71], ["b", 0.5]]));
  expect(days[1]!.values.get("a")).toBe(0.7);
  expect(days[1]!.values.get("b")).toBeNaN();
  expect(daysOf({ columns: [] }, "water_activity")).toEqual([]);
});
