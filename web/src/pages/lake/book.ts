// What a measure was by the measured book of the last night: what no instrument tells, day by day.

import { answered, api } from "../../api/client";
import type { Measure } from "./measure";

interface Columns {
  name: string;
  numbers: (number | null)[];
  texts: string[];
}

/** Values by pond of each day of the book. */
export interface BookDay {
  day: string;
  values: Map<string, number>;
}

/** Days of a series that has a row for each day and pond. */
export function daysOf(columns: readonly Columns[], name: string): BookDay[] {
  const column = (name: string) => columns.find((one) => one.name === name);
  const [dates, ponds, values] = [column("date")?.texts ?? [], column("pond")?.texts ?? [], column(name)?.numbers ?? []];
  const days = new Map<string, BookDay>();
  dates.forEach((day, i) => {
    if (!days.has(day)) days.set(day, { day, values: new Map() });
    days.get(day)!.values.set(ponds[i]!, values[i] ?? Number.NaN);
  });
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
}

/** Days of the newest measured book, the last one last; none before the first night. */
export async function bookDays(measure: Measure): Promise<BookDay[]> {
  if (!measure.column) return [];
  const { runs } = await answered(api.GET("/api/runs"));
  const book = runs.find((run) => run.kind === "measured");
  if (!book) return [];
  const { columns } = await answered(api.GET("/api/runs/{name}/series", { params: { path: { name: book.name }, query: { frame: "ponds" } } }));
  return daysOf(columns, measure.column.name);
}
