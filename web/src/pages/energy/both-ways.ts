// What stores and grids do has a column for either way; their meters show one less the other.

import type { Unit } from "./stack";

/** A store or grid: what it gives less what it takes, by step. */
export interface BothWays {
  id: string;
  name: Unit["name"];
  kind: string;
  planned: (number | null)[];
}

const WAYS = new Set(["charge", "discharge", "import", "export"]);

export function bothWays(units: Unit[]): BothWays[] {
  const own = units.filter((unit) => WAYS.has(unit.kind));
  return [...new Set(own.map((unit) => unit.unit))].map((id) => {
    const ways = own.filter((unit) => unit.unit === id);
    const giving = ways.find((unit) => unit.sign > 0) ?? ways[0]!;
    const planned = giving.values.map((_, step) => {
      const powers = ways.map((way) => way.values[step]);
      return powers.some((power) => power == null) ? null : powers.reduce<number>((sum, power, at) => sum + ways[at]!.sign * power!, 0);
    });
    return { id, name: giving.name, kind: giving.kind, planned };
  });
}
