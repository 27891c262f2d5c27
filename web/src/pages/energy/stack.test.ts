import { expect, test } from "vitest";
import { curtailed, layers, nodes, thickest, thickFor, ticks, type Unit } from "./stack";

const unit = (id: string, kind: string, sign: number, values: (number | null)[], node = "bus"): Unit => ({
  column: `${id}.${kind}`, unit: id, name: { en: id, zh: id }, node, kind, sign, capacity: null, written_in: "MW", values,
});

const UNITS = [
  unit("grid", "import", 1, [5, 0, 0]),
  unit("sun", "pv", 1, [0, 20, 10]),
  unit("sun", "available", 0, [0, 25, 10]),
  unit("load", "demand", -1, [4, 4, 4]),
  unit("battery", "charge", -1, [0, 16, 0]),
  unit("battery", "discharge", 1, [0, null, 0]),
  unit("boiler", "made", 0.9, [10, 10, 10], "heat"),
];

test("what gives stands above zero and what takes below, each on the one before it", () => {
  const stacked = layers(UNITS, "bus");
  expect(stacked.map((layer) => [layer.unit.unit, layer.unit.kind])).toEqual([["sun", "pv"], ["grid", "import"], ["load", "demand"], ["battery", "charge"]]);
  expect(stacked[1]!.from).toEqual([0, 20, 10]);
  expect(stacked[1]!.to).toEqual([5, 20, 10]);
  expect(stacked[3]!.from).toEqual([-4, -4, -4]);
  expect(stacked[3]!.to).toEqual([-4, -20, -4]);
});

test("what is given is what is taken, as far as the node balances", () => {
  const stacked = layers(UNITS, "bus");
  const sum = (side: number, step: number) => stacked.filter((layer) => layer.side === side).reduce((all, layer) => all + layer.power[step]!, 0);
  expect(sum(1, 1)).toBe(sum(-1, 1));
});

test("a converter counts at its outlet with what it yields", () => {
  expect(layers(UNITS, "heat")[0]!.power).toEqual([9, 9, 9]);
  expect(nodes(UNITS)).toEqual(["bus", "heat"]);
});

test("a name stands where its layer is thick for a while", () => {
  const [layer] = layers([unit("sun", "pv", 1, [0, 30, 0, 0, 20, 20, 20])], "bus");
  expect(thickest(layer!)).toEqual({ step: 5, power: 20 });
});

test("a name finds as much room as its layer stays thick", () => {
  expect(thickFor([0, 5, 6, 7, 1, 9], 2, 5)).toEqual([1, 4]);
  expect(thickFor([9, 9], 1, 5)).toEqual([0, 2]);
  expect(thickFor([0, 4, null], 1, 5)).toEqual([1, 1]);
});

test("what finds nobody is what could be given less what is", () => {
  expect(curtailed(UNITS, "bus")).toEqual([0, 5, 0]);
});

test("axes have round figures within their span", () => {
  expect(ticks(-60, 170)).toEqual([-50, 0, 50, 100, 150]);
  expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map((v) => expect.closeTo(v, 9)));
  expect(ticks(3, 3)).toEqual([3]);
});
