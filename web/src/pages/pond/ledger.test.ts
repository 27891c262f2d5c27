import { expect, test } from "vitest";
import { ledger } from "./ledger";

test("figures of one pond become rows of streams and columns of what is counted", () => {
  const figure = (id: string, value: number) => ({ id, unit: "t", value });
  const made = ledger("c1", [
    figure("c1.inflow[K]", 5),
    figure("c1.inflow", 100),
    figure("c1.stock[K]", 7),
    figure("c10.inflow[K]", 9),
    figure("c1.level.begin", 1),
    figure("kcl.product", 1),
  ]);
  expect(made?.columns).toEqual(["all", "K"]);
  expect(made?.rows.map((row) => row.stream)).toEqual(["inflow", "stock"]);
  expect(made?.rows[0]!.values.map((cell) => cell?.value)).toEqual([100, 5]);
  expect(made?.rows[1]!.values[0]).toBeUndefined();
  expect(ledger("n1", [figure("c1.inflow[K]", 5)])).toBeNull();
});

test("the residual of a pond is what came less what went less what it holds more", async () => {
  const { residualOf } = await import("./residual");
  const node = (id: string, stock_change: number) => ({ id, kind: "pond", name: { en: id, zh: id }, stock_change });
  const flows = {
    carrier: "K", unit: "t", from: "", to: "", unknown: [],
    nodes: [node("n1", -30), node("c1", 6), node("ground", 4)],
    links: [{ from: 0, to: 1, amount: 11, streams: [] }, { from: 1, to: 2, amount: 4.5, streams: [] }],
  };
  expect(residualOf(flows, "c1")).toBeCloseTo(0.5, 12);
  expect(residualOf(flows, "l1")).toBeNull();
});
