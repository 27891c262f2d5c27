// Where the ponds lie on the paper.

import type { Park } from "../../session";
import { live } from "../../live/store";
import { assayOf } from "../lake/measure";
import type { Estimates } from "../lake/comes";
import { placeOf, type Diagram, type Place } from "./paper";

export interface PondDot {
  pond: string;
  place: Place;
  /** Whether an ion was estimated rather than analysed. */
  isEstimated: boolean;
}

/** Each pond of which all counted ions are known, by its last believed analysis, else by the model's estimate. */
export function pondDots(diagram: Diagram, park: Park, estimates: Estimates | undefined): PondDot[] {
  return park.base.ponds.flatMap((pond) => {
    let isEstimated = false;
    const kg = (ion: string): number => {
      const tag = assayOf(park, pond.id, ion);
      const value = tag ? live.usable(tag.n) : Number.NaN;
      if (Number.isFinite(value)) return value;
      isEstimated = true;
      const estimate = estimates?.ponds.find((one) => one.pond === pond.id && one.quantity === ion);
      return estimate?.value ?? Number.NaN;
    };
    const place = placeOf(diagram, kg);
    return place ? [{ pond: pond.id, place, isEstimated }] : [];
  });
}
