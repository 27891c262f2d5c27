// What a measure may be on the days to come: the middle of the last night's forecast, and its band.

import { answered, api } from "../../api/client";
import type { Park } from "../../session";
import type { Measure } from "./measure";

/** Values by pond of a day to come, in the unit of the ponds' tags. */
export interface Day {
  day: string;
  values: Map<string, number>;
  /** Lower and upper end of the band that 90 of 100 futures pass. */
  bands: Map<string, readonly [number, number]>;
}

export interface Ahead {
  evening: string;
  days: Day[];
}

/** What a forecast calls the quantity of a measure; null where it tells nothing of it. */
export const foretold = (measure: Measure): string | null => (measure.id === "level" || measure.id === "density" || /^[A-Z][a-z]?$/.test(measure.id) ? measure.id : null);

/** From the unit of a forecast to that of a tag. */
const factorOf = (from: string, to: string): number => (from === "kg/m3" && to === "g/cm3" ? 1e-3 : 1);

export async function ahead(park: Park, measure: Measure): Promise<Ahead | null> {
  const quantity = foretold(measure);
  if (!quantity) return null;
  const told = await answered(api.GET("/api/estimates/forecast", { params: { query: { quantity } } }));
  if (!told.evening) return null;
  const units = new Map(park.base.ponds.map((pond) => [pond.id, measure.tag?.(park, pond)?.unit]));
  const days = told.days.map((day, i): Day => {
    const known = told.series.flatMap(({ pond, unit, low, middle, high }) => {
      const factor = factorOf(unit, units.get(pond) ?? unit);
      return middle[i] == null ? [] : [{ pond, value: middle[i] * factor, band: [(low[i] ?? Number.NaN) * factor, (high[i] ?? Number.NaN) * factor] as const }];
    });
    return { day, values: new Map(known.map(({ pond, value }) => [pond, value])), bands: new Map(known.map(({ pond, band }) => [pond, band])) };
  });
  return { evening: told.evening, days };
}
