// Where each kind of number comes from.

import type { Schema } from "../../api/client";
import { number, text } from "../../text/lang";
import type { Explanation } from "../../parts/explained";
import type { Diagram } from "./paper";
import { w } from "./words";

export type Solid = Schema["Solid"];
export type Origin = Schema["Origin"];

/** Temperatures that a number was fitted for, in words. */
export function rangeOf(origin: Origin): string {
  const { from_degc: low, to_degc: high } = origin;
  if (low == null && high == null) return w.noRange();
  if (low == null) return w.to({ high: number(high) });
  if (high == null) return w.from({ low: number(low) });
  return w.range({ low: number(low), high: number(high) });
}

/** Whether a number is used beyond what it was fitted for. */
export const isBeyond = (origin: Origin, degc: number): boolean =>
  (origin.from_degc != null && degc < origin.from_degc - 1e-9) || (origin.to_degc != null && degc > origin.to_degc + 1e-9);

export function ofSolid(solid: Solid, degc: number): Explanation {
  return {
    what: text(solid.name),
    equation: w.eqSolid({ reaction: solid.reaction, k: number(solid.log10_k, 5), t: number(degc) }),
    unit: "",
    source: solid.origin.source,
    note: [rangeOf(solid.origin), solid.origin.note].filter(Boolean).join("; "),
  };
}

/** Of the quantities of a brine, by what they are called in the answer. */
export function ofBrine(diagram: Diagram): Record<"activity" | "osmotic" | "ionic" | "density" | "molality" | "mass" | "path", Explanation> {
  const note = w.byModel({ database: diagram.database });
  return {
    activity: { what: w.waterActivity(), equation: w.eqActivity(), unit: "", source: w.srcPitzer(), note },
    osmotic: { what: w.osmotic(), equation: w.eqOsmotic(), unit: "", source: w.srcPitzer(), note },
    ionic: { what: w.ionic(), equation: w.eqIonic(), unit: "mol/kg H₂O", source: w.srcDefinition() },
    density: { what: w.density(), equation: w.eqDensity(), unit: "kg/m³", source: w.srcVolume(), note },
    molality: { what: w.ion(), equation: w.eqMolality(), unit: "mol/kg H₂O", source: w.srcPitzer(), note },
    mass: { what: w.ion(), equation: w.eqMass(), unit: "%, g/L", source: w.srcBalance() },
    path: { what: w.path(), equation: w.eqPath(), unit: "kg/t", source: w.srcBalance(), note },
  };
}
