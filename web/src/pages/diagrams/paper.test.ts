import { expect, test } from "vitest";
import { middleOf, placeOf, sharesAt, sheetOf, type Diagram, type Place } from "./paper";

const ion = (name: string, pair: string, charge: number, molar_mass_kg_mol: number) => ({ name, pair, charge, molar_mass_kg_mol });
const blank = { system: "", temperature_degc: 25, corners: ["NaCl", "KCl"], over: [], solids: [], fields: [], lines: [], points: [], curves: [], waters: [], basis: "", blank: [], folds: false, unresolved: [], parameters: [], database: "" };
const jaenecke: Diagram = { ...blank, paper: "triangle", counted: [ion("K", "K2", 1, 0.0391), ion("Mg", "Mg", 2, 0.0243), ion("SO4", "SO4", -2, 0.0961)] };
const square: Diagram = { ...blank, paper: "square", counted: [ion("Na", "Na2", 1, 0.023), ion("Mg", "Mg", 2, 0.0243), ion("Cl", "Cl2", -1, 0.0355), ion("SO4", "SO4", -2, 0.0961)] };
const line: Diagram = { ...blank, paper: "line", counted: [], curves: [{ solid: 0, points: [[0.264, 0], [0.2, 0.11]] }] };

test("what is dragged comes back to where it was", () => {
  for (const [diagram, place] of [[jaenecke, [0.3, 0.4]], [square, [0.7, 0.9]], [line, [0.1, 0.2]]] as [Diagram, Place][]) {
    const sheet = sheetOf(diagram);
    const back = sheet.from(sheet.at(place));
    expect(back[0]).toBeCloseTo(place[0], 9);
    expect(back[1]).toBeCloseTo(place[1], 9);
  }
});

test("what is dragged beside the paper stays on it", () => {
  const sheet = sheetOf(jaenecke);
  for (const pixel of [[-500, 900], [2000, -300], [2000, 2000]] as Place[]) {
    const [x, y] = sheet.from(pixel);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + y).toBeLessThanOrEqual(1 + 1e-12);
  }
  const [a, b] = sheetOf(line).from([4000, -4000]);
  expect(a + b).toBeLessThanOrEqual(0.971);
});

test("kainite KMgClSO4 is half a K2, one Mg, one SO4", () => {
  const place = placeOf(jaenecke, (name) => ({ K: 0.0391, Mg: 0.0243, SO4: 0.0961 })[name] ?? 0);
  expect(place![0]).toBeCloseTo(0.4, 9);
  expect(place![1]).toBeCloseTo(0.4, 9);
  expect(sharesAt(jaenecke, place!)[0]!.share).toBeCloseTo(0.2, 9);
  expect(placeOf(jaenecke, () => 0)).toBeNull();
});

test("the middle of a bent line is on it", () => {
  const middle = middleOf([[0, 0], [10, 0], [10, 10]]);
  expect(middle!.at).toEqual([10, 0]);
  expect(middle!.length).toBe(20);
  expect(middleOf([[1, 1]])).toBeNull();
});
