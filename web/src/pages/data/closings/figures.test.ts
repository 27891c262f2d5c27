import { expect, test } from "vitest";
import { changed, hasMoved, periodOf, said, shown, type Figure } from "./figures";

const figure = (id: string, more: Partial<Figure> = {}): Figure => ({ id, value: 1, unit: "t", restatements: [], ...more });

test("an id says what a figure is of, what it is, and of which member", () => {
  expect(said("n0_n1.flow.volume")).toEqual({ of: "n0_n1.flow", quantity: "volume", member: "" });
  expect(said("c1.inflow[K]")).toEqual({ of: "c1", quantity: "inflow", member: "K" });
  expect(said("alarms[works]")).toEqual({ of: "", quantity: "alarms", member: "works" });
  expect(said("hours")).toEqual({ of: "", quantity: "hours", member: "" });
});

test("figures are found by id and by name, the period's own first", () => {
  const all = [figure("c1.inflow"), figure("c1.leakage"), figure("days")];
  const name = (id: string) => (id.startsWith("c1") ? "Carnallite pond 1" : "");
  const ids = (wanted: string) => shown(all, wanted, false, name).map(({ id }) => id);
  expect(ids("")).toEqual(["days", "c1.inflow", "c1.leakage"]);
  expect(ids("pond leak")).toEqual(["c1.leakage"]);
});

test("what equals its plan and was never another has not moved", () => {
  const change = { on: "2027-07-02", by: "ann", old: 1, new: 2, why: "late" };
  const all = [figure("a.x", { planned: 1, difference: 0 }), figure("b.x", { planned: 2, difference: -1 }), figure("c.x", { now: 0 }), figure("d.x", { restatements: [change] })];
  expect(all.map(hasMoved)).toEqual([false, true, true, true]);
  expect(shown(all, "", true, () => "").map(({ id }) => id)).toEqual(["b.x", "c.x", "d.x"]);
  expect(changed(all).map(({ id }) => id)).toEqual(["c.x"]);
});

test("a shift is read with its hour", () => {
  expect(["2027-06-01T0800", "2027-06-01", "2027-06"].map(periodOf)).toEqual(["2027-06-01 08:00", "2027-06-01", "2027-06"]);
});
