import { expect, test } from "vitest";
import { bothWays } from "./both-ways";
import type { Unit } from "./stack";

const unit = (kind: string, id: string, sign: number, values: (number | null)[]) => ({ kind, unit: id, column: `${id}.${kind}`, name: { en: id, zh: id }, node: "bus", sign, values }) as Unit;

test("a store charges below zero, a grid sells below zero, and what isn't known stays unknown", () => {
  const units = [
    unit("charge", "battery", -1, [40, 0, 5]),
    unit("discharge", "battery", 1, [0, 30, null]),
    unit("level", "battery", 0, [138, 106, 110]),
    unit("import", "grid", 1, [10, 0, 3]),
    unit("export", "grid", -1, [0, 60, 0]),
    unit("pv", "pv", 1, [50, 20, 0]),
  ];
  const found = bothWays(units).map(({ id, kind, planned }) => ({ id, kind, planned }));
  expect(found).toEqual([
    { id: "battery", kind: "discharge", planned: [-40, 30, null] },
    { id: "grid", kind: "import", planned: [10, -60, 3] },
  ]);
});
