import { expect, test } from "vitest";
import { kindOf, laidOut, rounded, type Plant, type Stream } from "./layout";

const name = (en: string) => ({ en, zh: en });
const unit = (id: string) => ({ id, name: name(id), kind: "mixer", electricity_kw: 1, heat_kw: 0, remarks: [] });
const stream = (id: string, from: number | null, to: number | null, more: Partial<Stream> = {}): Stream => ({
  id, name: name(id), role: null, from, to, is_recycle: false, temperature_degc: 15, mass_t_h: 1, liquid_t_h: 1, solids: [], dissolved: [], elements_t_h: [], ...more,
});
const plant: Plant = {
  id: "p", name: name("p"), caveats: [], measures: [], elements: [], closure: 0, electricity_kw: 0, heating_kw: 0, cooling_kw: 0, not_counted: [],
  units: [unit("tank"), unit("filter")],
  streams: [stream("ore", null, 0), stream("pulp", 0, 1), stream("back", 1, 0, { is_recycle: true }), stream("cake", 1, null)],
};

test("a flowsheet reads from left to right, boxes apart, recycles back", () => {
  const laid = laidOut(plant);
  const [tank, filter] = laid.units as [(typeof laid.units)[0], (typeof laid.units)[0]];
  expect(tank.x + tank.width / 2).toBeLessThan(filter.x - filter.width / 2);
  expect(laid.ends[0]!.x).toBeLessThan(tank.x);
  expect(laid.ends[3]!.x).toBeGreaterThan(filter.x);
  expect(laid.ends[1]).toBeNull();
  const back = laid.ways[2]!.points;
  expect(back[0]![0]).toBeGreaterThan(back.at(-1)![0]);
  for (const { points } of laid.ways) {
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(laid.width);
      expect(y).toBeLessThanOrEqual(laid.height);
    }
  }
});

test("a rounded way begins and ends where it should", () => {
  expect(rounded([[0, 0], [10, 0]])).toBe("M0.0 0.0L10.0 0.0");
  const bent = rounded([[0, 0], [10, 0], [10, 10]]);
  expect(bent).toMatch(/^M0\.0 0\.0C.* 10\.0 0\.0C.* 10\.0 10\.0$/);
  expect(rounded([[1, 1]])).toBe("");
});

test("a stream is told by what it mostly is", () => {
  expect(kindOf(stream("a", 0, 1, { liquid_t_h: 0.2 }))).toBe("solid");
  expect(kindOf(stream("a", 0, null, { role: "gas" }))).toBe("gas");
});

test("what a plant made is what left by products alone", async () => {
  const { madeBy } = await import("./night");
  const made = { ...plant, streams: [stream("ore", null, 0), stream("kcl", 1, null, { role: "product" }), stream("tails", 1, null, { role: "tailings" })] };
  const node = (id: string, kind: string) => ({ id, kind, name: name(id), stored: 0 });
  const flows = {
    carrier: "mass", unit: "t", from: "", to: "", unknown: [],
    nodes: [node("p", "plant"), node("store", "stockpile"), node("heap", "stockpile"), node("c1", "pond")],
    links: [{ from: 0, to: 1, amount: 240, streams: ["p.kcl"] }, { from: 0, to: 2, amount: 900, streams: ["p.tails"] }, { from: 3, to: 0, amount: 5000, streams: ["p.ore"] }],
  };
  expect(madeBy(made, flows as never)).toBe(240);
});
