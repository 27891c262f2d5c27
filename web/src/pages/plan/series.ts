// Series of a run as rows: bands of months of feed ahead, and stocks against their limits.

import { numbers, texts, type Series } from "../../api/runs";
import { dayOf } from "./time";

/** The stage that is the sum of all, as the server names it. */
export const ALL = "all";

export interface Band {
  day: number;
  p10: number;
  p50: number;
  p90: number;
}

/** Bands by stage, in the order of the chain. */
export function bandsOf(series: Series): Map<string, Band[]> {
  const [days, stages] = [texts(series, "date"), texts(series, "stage")];
  const [p10, p50, p90] = [numbers(series, "p10"), numbers(series, "p50"), numbers(series, "p90")];
  const bands = new Map<string, Band[]>();
  days.forEach((day, k) => {
    const stage = stages[k]!;
    if (!bands.has(stage)) bands.set(stage, []);
    bands.get(stage)!.push({ day: dayOf(day), p10: p10[k]!, p50: p50[k]!, p90: p90[k]! });
  });
  return bands;
}

/** Months ahead of one weather as bands without width, and their sum. */
export function aheadOf(series: Series): Map<string, Band[]> {
  const [days, stages, months] = [texts(series, "date"), texts(series, "stage"), numbers(series, "months_ahead")];
  const bands = new Map<string, Band[]>();
  const put = (stage: string, day: number, value: number) => {
    const band = bands.get(stage) ?? [];
    bands.set(stage, band);
    const last = band.at(-1);
    if (last?.day === day) last.p10 = last.p50 = last.p90 = last.p50 + value;
    else band.push({ day, p10: value, p50: value, p90: value });
  };
  days.forEach((text, k) => put(stages[k]!, dayOf(text), months[k]!));
  days.forEach((text, k) => put(ALL, dayOf(text), months[k]!));
  return bands;
}

/** What is made of each product to the last day, over many weathers. */
export function productBands(series: Series): Map<string, Omit<Band, "day">> {
  const [days, products] = [texts(series, "date"), texts(series, "product")];
  const [p10, p50, p90] = [numbers(series, "p10"), numbers(series, "p50"), numbers(series, "p90")];
  const last = days.at(-1);
  const found = new Map<string, Omit<Band, "day">>();
  days.forEach((day, k) => {
    if (day === last) found.set(products[k]!, { p10: p10[k]!, p50: p50[k]!, p90: p90[k]! });
  });
  return found;
}

/** What lies somewhere over time, and the most that may. */
export interface Stock {
  product: string;
  /** At the base, or in the warehouse at the far end of its way. */
  where: "store" | "far";
  most: number;
  points: { from: number; to: number; t: number }[];
  /** Greatest share of the room that is used. */
  peak: number;
}

/** Stocks of products that have a limit; those nearest to it first. */
export function stocksOf(series: Series): Stock[] {
  const [from, product, days] = [texts(series, "from"), texts(series, "product"), numbers(series, "days")];
  const stocks: Stock[] = [];
  for (const where of ["store", "far"] as const) {
    const [held, most] = [numbers(series, where), numbers(series, `${where}_max`)];
    from.forEach((text, k) => {
      if (!Number.isFinite(most[k]) || !Number.isFinite(held[k])) return;
      let stock = stocks.find((one) => one.product === product[k] && one.where === where);
      if (!stock) stocks.push((stock = { product: product[k]!, where, most: most[k]!, points: [], peak: 0 }));
      const begins = dayOf(text);
      stock.points.push({ from: begins, to: begins + days[k]! - 1, t: held[k]! });
      stock.peak = Math.max(stock.peak, held[k]! / most[k]!);
    });
  }
  return stocks.sort((a, b) => b.peak - a.peak);
}
