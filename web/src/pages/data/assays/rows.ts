// Analyses as a laboratory's sheet has them: a row a sample, pasted from a spreadsheet or read from a CSV file.

import type { Schema, Tag } from "../../../api/client";
import { fromField } from "./desk";

export interface Sheet {
  /** An analysis a row, in the order of the rows. */
  analyses: { row: number; time_ms: number; figures: Schema["EnteredFigure"][] }[];
  wrong: Wrong[];
}

/** What cannot be taken, with its place: rows as a spreadsheet counts them. */
export interface Wrong {
  row: number;
  column: string;
  value: string;
  why: "time" | "where" | "number" | "tag" | "unit" | "nothing" | "head";
}

const TIME = new Set(["time", "date", "taken", "时间", "取样时间", "日期"]);
const WHERE = new Set(["asset", "pond", "where", "地点", "盐池", "取样点"]);

/** Cells of a text: tabs as a spreadsheet copies them, else commas or semicolons; quotes as in CSV. */
export function cells(text: string): string[][] {
  const first = text.slice(0, text.search(/\n|$/));
  const between = first.includes("\t") ? "\t" : first.includes(",") ? "," : ";";
  const rows: string[][] = [[""]];
  let isQuoted = false;
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  for (let i = 0; i < plain.length; i++) {
    const letter = plain[i]!;
    const row = rows[rows.length - 1]!;
    if (isQuoted && letter === '"' && plain[i + 1] === '"') {
      row[row.length - 1] += '"';
      i += 1;
    } else if (letter === '"' && (isQuoted || row[row.length - 1] === "")) isQuoted = !isQuoted;
    else if (!isQuoted && letter === between) row.push("");
    else if (!isQuoted && letter === "\n") rows.push([""]);
    else row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map((cell) => cell.trim()));
}

/** The instant of `2027-07-01 08:00`, also with `/`, `T` or seconds; NaN for none. */
export function instantOf(said: string, offsetH: number): number {
  const [, year, month, day, hour, minute] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::\d{2})?$/.exec(said) ?? [];
  if (!year) return Number.NaN;
  const two = (part: string | undefined) => part!.padStart(2, "0");
  return fromField(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`, offsetH);
}

/** A heading, and the unit in its brackets if it has one. */
function heading(said: string): { name: string; unit: string | null } {
  const [, name, unit] = /^(.*?)\s*[[(（](.*)[\])）]$/.exec(said) ?? [];
  return name === undefined ? { name: said, unit: null } : { name, unit: unit! };
}

/**
 * Reads a sheet. Its first row says what the columns are: the time of the sample, if wanted where it was taken, and figures: ids
 * of tags, or components where the place stands in the row; a unit in brackets must be the tag's. Blank figures were not analysed.
 */
export function readSheet(text: string, tags: ReadonlyMap<string, Tag[]>, nameOf: (asset: string) => readonly string[], offsetH: number): Sheet {
  const sheet: Sheet = { analyses: [], wrong: [] };
  const [head = [], ...rows] = cells(text);
  const names = head.map(heading);
  const time = names.findIndex(({ name }) => TIME.has(name.toLowerCase()));
  const where = names.findIndex(({ name }) => WHERE.has(name.toLowerCase()));
  if (time < 0) return { ...sheet, wrong: [{ row: 1, column: "", value: head.join(" "), why: "head" }] };
  const all = [...tags.values()].flat();
  const assets = new Map([...tags.keys()].flatMap((id) => [id, ...nameOf(id)].map((name) => [name.toLowerCase(), id] as const)));
  rows.forEach((cellsOf, k) => {
    const row = k + 2;
    if (cellsOf.every((cell) => cell === "")) return;
    const fail = (column: number, why: Wrong["why"]) => void sheet.wrong.push({ row, column: head[column] ?? "", value: cellsOf[column] ?? "", why });
    const time_ms = instantOf(cellsOf[time] ?? "", offsetH);
    if (Number.isNaN(time_ms)) fail(time, "time");
    const asset = where < 0 ? undefined : assets.get((cellsOf[where] ?? "").toLowerCase());
    if (where >= 0 && !asset) return fail(where, "where");
    const before = sheet.wrong.length;
    const figures = names.flatMap(({ name, unit }, column) => {
      const said = cellsOf[column] ?? "";
      if (column === time || column === where || said === "") return [];
      const tag = asset ? tags.get(asset)!.find((one) => one.id === name || one.component === name) : all.find((one) => one.id === name);
      const value = Number(said);
      if (!tag) fail(column, "tag");
      else if (unit !== null && unit !== tag.unit) fail(column, "unit");
      else if (!Number.isFinite(value)) fail(column, "number");
      else return [{ tag: tag.id, value }];
      return [];
    });
    if (figures.length === 0 && sheet.wrong.length === before) fail(time, "nothing");
    sheet.analyses.push({ row, time_ms, figures });
  });
  return sheet;
}
