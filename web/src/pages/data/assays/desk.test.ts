import { expect, test } from "vitest";
import type { Tag } from "../../../api/client";
import { byLaboratory, figuresOf, fromField, inOrder, toField, type Analysis } from "./desk";

const analysis = (asset: string, time_ms: number, doubted: boolean, accepted?: boolean) =>
  ({ asset, time_ms, doubted, decision: accepted === undefined ? null : { accepted } }) as Analysis;

test("what waits for a decision stands first, then the latest", () => {
  const all = [analysis("n0", 1, true), analysis("n1", 9, false), analysis("n2", 5, true, false), analysis("n3", 3, true)];
  expect(inOrder(all).map(({ asset }) => asset)).toEqual(["n3", "n0", "n1", "n2"]);
});

test("a field of date and time is by the plant's clock, wherever the browser is", () => {
  const ms = Date.UTC(2027, 5, 30, 22, 15);
  expect(toField(ms, 8)).toBe("2027-07-01T06:15");
  expect(fromField(toField(ms, 8), 8)).toBe(ms);
  expect(fromField(toField(ms, -3.5), -3.5)).toBe(ms);
  expect(fromField("", 8)).toBeNaN();
});

test("blank figures are not sent, and nought is", () => {
  const tags = ["n0.K", "n0.Na", "n0.Li"].map((id) => ({ id, source: "lab" }) as Tag);
  const said: Record<string, string> = { "n0.K": " 12.5 ", "n0.Na": " ", "n0.Li": "0" };
  expect(figuresOf(tags, (id) => said[id] ?? "")).toEqual([
    { tag: "n0.K", value: 12.5 },
    { tag: "n0.Li", value: 0 },
  ]);
});

test("only assets with something from the laboratory can be analysed", () => {
  const tag = (id: string, source: string) => ({ id, source }) as Tag;
  const byAsset = new Map([
    ["n0", [tag("n0.level", "opcua:x"), tag("n0.K", "lab")]],
    ["wells", [tag("wells.flow", "opcua:y")]],
  ]);
  expect([...byLaboratory(byAsset)].map(([asset, tags]) => [asset, tags.map(({ id }) => id)])).toEqual([["n0", ["n0.K"]]]);
});
