// The sums of the lessons: what a learner is asked for, and whether an answer is right.

import { numbers, texts, type Series } from "../../api/runs";

/** kg of lithium carbonate for a kg of lithium: 73.89 / (2 × 6.941). */
export const LCE_PER_LI = 73.89 / (2 * 6.941);
/** kg of halite that a kg of fresh water dissolves at 20 °C (CRC Handbook of Chemistry and Physics: 35.9 g in 100 g). */
export const HALITE_PER_WATER = 0.359;
const KG_M3_WATER = 1000;

/** Whether an answer is within a share of what it should be. */
export const isNear = (answer: number, right: number, share = 0.05): boolean => Number.isFinite(answer) && Math.abs(answer - right) <= share * Math.abs(right);

/** Tonnes of lithium carbonate that a leak takes in a year: mm/d, m², g/L. */
export const lostLce = (leak_mm_d: number, area_m2: number, li_g_l: number): number => ((leak_mm_d / 1000) * area_m2 * 365 * li_g_l * LCE_PER_LI) / 1000;

/** Days of net evaporation that a storm undoes. */
export const daysLost = (storm_mm: number, evaporation_mm_d: number): number => storm_mm / evaporation_mm_d;

/** Tonnes of halite that the fresh water of a storm can dissolve again. */
export const dissolvedHalite = (storm_mm: number, area_m2: number): number => ((storm_mm / 1000) * area_m2 * KG_M3_WATER * HALITE_PER_WATER) / 1000;

export interface Evaporating {
  pond: string;
  /** mm/d, means of the book's days. */
  own: number;
  fresh: number;
  /** Activity of water on the last day. */
  activity: number;
}

/** What ponds evaporate and what fresh water would, from the rows of a series: one a day and pond. */
export function evaporating(series: Series): Evaporating[] {
  const [owns, freshes, activities] = ["evaporation", "evaporation_fresh", "water_activity"].map((name) => numbers(series, name)) as [number[], number[], number[]];
  const found = new Map<string, { own: number; fresh: number; days: number; activity: number }>();
  texts(series, "pond").forEach((pond, row) => {
    const [own, fresh] = [owns[row] ?? Number.NaN, freshes[row] ?? Number.NaN];
    if (!Number.isFinite(own) || !Number.isFinite(fresh)) return;
    const sum = found.get(pond) ?? { own: 0, fresh: 0, days: 0, activity: Number.NaN };
    found.set(pond, { own: sum.own + own, fresh: sum.fresh + fresh, days: sum.days + 1, activity: activities[row] ?? Number.NaN });
  });
  return [...found].map(([pond, { own, fresh, days, activity }]) => ({ pond, own: own / days, fresh: fresh / days, activity }));
}

/** Whether a path drops halite, then carnallite, and no potassium before it. */
export function isCleanCarnallite(order: readonly string[]): boolean {
  const at = (mineral: string) => order.indexOf(mineral);
  const earlier = ["Sylvite", "Kainite", "Glaserite", "Leonite", "Schoenite", "Arcanite"].some((mineral) => at(mineral) >= 0 && at(mineral) < at("Carnallite"));
  return at("Halite") >= 0 && at("Carnallite") > at("Halite") && !earlier;
}

/** The shortest wait of a list of (wait, cost) that keeps a share of what the longest earns; null where waiting earns nothing. */
export function shortestWait(costs: readonly (readonly [wait_h: number, cost: number])[], share: number): number | null {
  const sorted = [...costs].sort((a, b) => a[0] - b[0]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return null;
  const gain = first[1] - last[1];
  // What the solver rounds is no gain.
  if (gain <= 1e-6 * Math.abs(first[1])) return null;
  return sorted.find(([, cost]) => first[1] - cost >= share * gain)?.[0] ?? null;
}
