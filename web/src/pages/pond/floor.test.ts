import { expect, test } from "vitest";
import { layersOf } from "./floor";

test("a floor is its last day, and grew since its first", () => {
  const columns = [
    { name: "date", unit: "", numbers: [], texts: ["2027-06-01", "2027-06-01", "2027-06-02", "2027-06-02"] },
    { name: "mineral", unit: "", numbers: [], texts: ["Halite", "Carnallite", "Halite", "Carnallite"] },
    { name: "mass", unit: "t", numbers: [5000, 1000, 5200, 9000], texts: [] },
  ];
  expect(layersOf({ columns })).toEqual([
    { mineral: "Carnallite", mass_kt: 9, gained_kt: 8 },
    { mineral: "Halite", mass_kt: 5.2, gained_kt: 0.2 },
  ]);
});
