import { expect, test } from "vitest";
import type { Diagram } from "../diagrams/paper";
import { byIon, dotsOf, samplesOf } from "./track";

const ion = (name: string, charge: number, molar_mass_kg_mol: number) => ({ name, pair: name, charge, molar_mass_kg_mol });
const diagram = { paper: "triangle", counted: [ion("K", 1, 0.0391), ion("Mg", 2, 0.0243), ion("SO4", -2, 0.0961)] } as unknown as Diagram;

test("an analysis that leaves an ion out has no place", () => {
  const found = new Map([
    ["K", [{ time_ms: 1, value: 39.1 }, { time_ms: 2, value: 39.1 }]],
    ["Mg", [{ time_ms: 1, value: 24.3 }]],
    ["SO4", [{ time_ms: 1, value: 96.1 }, { time_ms: 2, value: 96.1 }]],
  ]);
  const dots = dotsOf(diagram, found);
  expect(dots).toHaveLength(1);
  expect(dots[0]!.place[0]).toBeCloseTo(0.4, 6);
});

test("sulphate is told from sulphur", () => {
  expect(byIon((name) => (name === "S" ? 32.06 : 0))("SO4")).toBeCloseTo(96.06, 6);
  expect(byIon(() => 5)("K")).toBe(5);
});

test("samples that may not be used are left out", () => {
  const table = "time,c1.K [g/L],quality\n2027-06-01T02:00:00Z,11.5,192\n2027-06-08T02:00:00Z,,24\n2027-06-15T02:00:00Z,99,0\n2027-06-22T02:00:00Z,12,64\n";
  expect(samplesOf(table)).toEqual([{ time_ms: Date.UTC(2027, 5, 1, 2), value: 11.5 }, { time_ms: Date.UTC(2027, 5, 22, 2), value: 12 }]);
});
