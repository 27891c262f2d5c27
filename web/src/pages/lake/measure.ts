// What ponds are coloured by.

import type { Park } from "../../session";
import type { Pond, Tag } from "../../api/client";
import { live } from "../../live/store";
import { w } from "./words";

export interface Measure {
  id: string;
  name: () => string;
  /** The tag of a pond that tells it. */
  tag?: (park: Park, pond: Pond) => Tag | undefined;
  /** The column of the measured book that tells it, where no tag does. */
  column?: { name: string; scale: Scale };
}

/** How values are written. */
export interface Scale {
  unit: string;
  resolution: number | null | undefined;
}

/** How values of a measure are written for a pond; nothing for what is no number. */
export const scaleOf = (measure: Measure, park: Park, pond: Pond): Scale | undefined => {
  if (measure.column) return measure.column.scale;
  const tag = measure.tag?.(park, pond);
  return tag && { unit: tag.unit, resolution: tag.resolution };
};

/** What is coloured by standing alarms. */
export const ALARMS = "alarms";

/** Tags of a pond's asset. */
export function tagsOf(park: Park, node: string): Tag[] {
  const asset = park.assetOf.get(node);
  return (asset && park.byAsset.get(asset)) || [];
}

const ofQuantity = (quantity: string) => (park: Park, pond: Pond) => tagsOf(park, pond.id).find((tag) => tag.quantity === quantity && tag.component == null);

/** What the laboratory tells of a component; not what a model tells. */
export const assayOf = (park: Park, node: string, component: string): Tag | undefined =>
  tagsOf(park, node).find((tag) => tag.quantity === "assay" && tag.component === component && tag.source !== "calculated");

const byAssay = (component: string, name: () => string): Measure => ({ id: component, name, tag: (park, pond) => assayOf(park, pond.id, component) });

/** Soft sensors have ids that end so. */
const soft = (suffix: string) => (park: Park, pond: Pond) => tagsOf(park, pond.id).find((tag) => tag.id.endsWith(suffix));

export const MEASURES: Measure[] = [
  { id: "stage", name: w.stage },
  { id: "level", name: w.level, tag: (park, pond) => tagsOf(park, pond.id).find((tag) => tag.id === `${pond.id}.level`) ?? ofQuantity("level")(park, pond) },
  { id: "density", name: w.density, tag: ofQuantity("density") },
  byAssay("K", () => "K"),
  byAssay("Mg", () => "Mg"),
  byAssay("Li", () => "Li"),
  { id: "aw", name: w.waterActivity, column: { name: "water_activity", scale: { unit: "1", resolution: 0.001 } } },
  { id: "leak", name: w.leak, tag: soft(".leak") },
  { id: "next", name: w.next, tag: soft(".next_phase") },
  { id: ALARMS, name: w.alarms },
];

/** Where a value lies between the least and the greatest of all ponds; 0.5 where all are the same. */
export function shares(values: number[]): number[] {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values.map((value) => (!Number.isFinite(value) ? Number.NaN : high > low ? (value - low) / (high - low) : 0.5));
}

export const now = (tag: Tag | undefined): number => (tag ? live.usable(tag.n) : Number.NaN);
