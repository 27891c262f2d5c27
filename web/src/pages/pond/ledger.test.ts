import { expect, test } from "vitest";
import { ledger } from "./ledger";

test("figures of one pond become rows of streams and columns of what is counted", () => {
  const figure = (id: string, value: number) => ({ id, unit: "t", value });
  const made = ledger("c1", [
    figure("c1.inflow[K]", 5),
    figure("c1.inflow[H2O]", 100),
    figure("c1.stock[K]", 7),
    figure("c10.inflow[K]", 9),
    figure("c1.level.begin", 1),
    figure("kcl.product", 1),
  ]);
  expect(made?.columns).toEqual(["water", "K"]);
  expect(made?.rows.map((row) => row.stream)).toEqual(["inflow", "stock"]);
  expect(made?.rows[0]!.values.map((cell) => cell?.value)).toEqual([100, 5]);
  expect(made?.rows[1]!.values[0]).toBeUndefined();
  expect(ledger("n1", [figure("c1.inflow[K]", 5)])).toBeNull();
});
