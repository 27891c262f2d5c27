// Stacks of power: what is given above zero, what is taken below, each unit on the one before it.

import type { Schema } from "../../api/client";

export type Unit = Schema["DispatchUnit"];

/** A unit in a stack. */
export interface Layer {
  unit: Unit;
  /** 1 above zero, −1 below. */
  side: 1 | -1;
  /** Power by step, never below zero. */
  power: number[];
  /** Where it begins and ends by step, with the side's sign. */
  from: number[];
  to: number[];
}

/** Least power that is drawn, MW. */
const LEAST = 1e-6;

/** What stands nearest to zero comes first: clean power and fixed demand, then what follows them. */
const ORDER = ["pv", "wind", "solar_field", "hydro", "made", "discharge", "fuel", "import", "line", "shortage", "demand", "hall", "taken", "charge", "export"];

const place = (unit: Unit): number => {
  const at = ORDER.indexOf(unit.kind);
  return at < 0 ? ORDER.length : at;
};

/** Layers of the units that give to or take from a node, in the order in which they are stacked; units that do nothing are left out. */
export function layers(units: Unit[], node: string): Layer[] {
  const own = units.filter((unit) => unit.node === node && unit.sign !== 0 && unit.values.some((value) => Math.abs(value ?? 0) > LEAST));
  const above: number[] = [];
  const below: number[] = [];
  return own
    .sort((a, b) => place(a) - place(b))
    .map((unit) => {
      const side = unit.sign > 0 ? 1 : -1;
      const base = side > 0 ? above : below;
      // A line runs both ways; what it brings is told by its other end.
      const power = unit.values.map((value) => Math.max(0, (value ?? 0) * Math.abs(unit.sign)));
      const from = power.map((_, step) => base[step] ?? 0);
      const to = power.map((value, step) => from[step]! + side * value);
      to.forEach((value, step) => (base[step] = value));
      return { unit, side, power, from, to } satisfies Layer;
    });
}

/** Nodes that anything is given to or taken from, the one with the most units first. */
export function nodes(units: Unit[]): string[] {
  const counts = new Map<string, number>();
  for (const unit of units) if (unit.sign !== 0) counts.set(unit.node, (counts.get(unit.node) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([node]) => node);
}

/** The step where a layer is thickest, with how thick; where its name fits best. */
export function thickest(layer: Layer): { step: number; power: number } {
  let best = { step: 0, power: 0 };
  layer.power.forEach((power, step) => {
    // Over three steps, so that a spike of one hour does not carry the name.
    const mean = (power + (layer.power[step - 1] ?? 0) + (layer.power[step + 1] ?? 0)) / 3;
    const least = Math.min(power, mean);
    if (least > best.power) best = { step, power: least };
  });
  return best;
}

/** The steps around one over which a layer is at least so thick: the first, and the one behind the last. None where it is thinner there. */
export function thickFor(power: (number | null)[], step: number, least: number): [first: number, end: number] {
  const isThick = (at: number) => (power[at] ?? 0) >= least;
  if (!isThick(step)) return [step, step];
  let [first, end] = [step, step + 1];
  while (first > 0 && isThick(first - 1)) first--;
  while (end < power.length && isThick(end)) end++;
  return [first, end];
}

/** What sun, wind and water could give beyond what they give, by step. */
export function curtailed(units: Unit[], node: string): number[] {
  const could = units.filter((unit) => unit.node === node && unit.kind === "available");
  const steps = could[0]?.values.length ?? 0;
  return Array.from({ length: steps }, (_, step) =>
    could.reduce((sum, unit) => {
      const given = units.find((other) => other.unit === unit.unit && other.sign > 0);
      return sum + Math.max(0, (unit.values[step] ?? 0) - (given?.values[step] ?? 0));
    }, 0),
  );
}

/** Round figures for an axis from `low` to `high`, about so many. */
export function ticks(low: number, high: number, about = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((nice) => nice * power).find((nice) => nice >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}
