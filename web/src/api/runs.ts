// Runs and measured books as the server keeps them, and the columns of their series.

import { answered, api, type Schema } from "./client";

export type Run = Schema["RunView"];
/** Columns of equal length. */
export type Series = Schema["RunSeriesView"];

/** The newest measured book, or the newest that has a day; null before the first night. */
export async function measuredBook(day?: string): Promise<Run | null> {
  const { runs } = await answered(api.GET("/api/runs"));
  return runs.find((run) => run.kind === "measured" && (day === undefined || (run.from <= day && day <= run.to))) ?? null;
}

/** A series of a run; of one pond, plant, stage … if it is named. */
export const seriesOf = (name: string, frame: string, of?: string): Promise<Series> =>
  answered(api.GET("/api/runs/{name}/series", { params: { path: { name }, query: { frame, of } } }));

const column = ({ columns }: Series, name: string) => columns.find((one) => one.name === name);

/** A column of texts or days; none where the series has no such column. */
export const texts = (series: Series, name: string): string[] => column(series, name)?.texts ?? [];

/** A column of numbers, in the column's unit; NaN where one is not known, none where the series has no such column. */
export const numbers = (series: Series, name: string): number[] => (column(series, name)?.numbers ?? []).map((value) => value ?? Number.NaN);
