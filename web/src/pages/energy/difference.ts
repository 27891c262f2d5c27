// What is otherwise, and what it changes against the base case.

import type { Schema } from "../../api/client";

export type WhatIf = Schema["WhatIf"];
export type Lever = Schema["LeverView"];
export type Dispatch = Schema["DispatchView"];

/** Values of levers that somebody moved, by kind and id. */
export type Moved = Record<string, number>;

export const keyOf = (lever: Lever): string => `${lever.kind}:${lever.id}`;

export interface Scale {
  min: number;
  max: number;
  step: number;
}

/** How far a lever goes: capacities to three times what the base has, deadlines to three days, carbon to 500 a tonne or more. */
export function reach(lever: Lever): Scale {
  if (lever.kind === "deadline") return { min: 0, max: Math.max(72, 2 * lever.value), step: 1 };
  if (lever.kind === "carbon_price") return { min: 0, max: Math.max(500, 3 * lever.value), step: 10 };
  return { min: 0, max: 3 * lever.value, step: lever.value / 20 };
}

/** Where a slider comes to rest: a step of it, or the base's own value where that is what it means. */
export function rested(lever: Lever, value: number): number {
  return Math.abs(value - lever.value) < reach(lever).step / 1000 ? lever.value : value;
}

/** What is asked of the server for levers that were moved; a lever at its own value asks for nothing. */
export function wish(levers: Lever[], moved: Moved): Pick<WhatIf, "scales" | "deadlines_h" | "carbon_price"> {
  const asked = { scales: {} as Record<string, number>, deadlines_h: {} as Record<string, number>, carbon_price: null as number | null };
  for (const lever of levers) {
    const value = moved[keyOf(lever)];
    if (value === undefined || value === lever.value) continue;
    if (lever.kind === "carbon_price") asked.carbon_price = value;
    else if (lever.kind === "deadline") asked.deadlines_h[lever.id] = value;
    else if (lever.value > 0) asked.scales[lever.id] = value / lever.value;
  }
  return asked;
}

/** Whether anything is otherwise. */
export function isOtherwise(levers: Lever[], moved: Moved): boolean {
  return levers.some((lever) => (moved[keyOf(lever)] ?? lever.value) !== lever.value);
}

export interface Figures {
  cost: number | null;
  carbon_t: number;
  curtailed_mwh: number;
  /** Share of what is used that is clean, hour by hour, 0 to 1. */
  clean: number | null;
}

export const figures = (dispatch: Dispatch): Figures => ({
  cost: dispatch.objective ?? null,
  carbon_t: dispatch.carbon_t,
  curtailed_mwh: dispatch.curtailed_mwh,
  clean: dispatch.matching?.score ?? null,
});

const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);

/** What is otherwise less the base case. What the solver rounds is no difference. */
export function difference(otherwise: Figures, base: Figures): Figures {
  const clean = (value: number | null, of: number | null): number | null => (value !== null && Math.abs(value) <= 1e-7 * Math.abs(of ?? 0) + 1e-9 ? 0 : value);
  return {
    cost: clean(less(otherwise.cost, base.cost), base.cost),
    carbon_t: clean(otherwise.carbon_t - base.carbon_t, base.carbon_t)!,
    curtailed_mwh: clean(otherwise.curtailed_mwh - base.curtailed_mwh, base.curtailed_mwh)!,
    clean: clean(less(otherwise.clean, base.clean), base.clean),
  };
}
