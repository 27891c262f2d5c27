import { expect, test } from "vitest";
import type { Tag } from "../../../api/client";
import { cells, instantOf, readSheet } from "./rows";

const tag = (asset: string, component: string) => ({ id: `${asset}.${component}`, asset, component, unit: "g/L", source: "lab" }) as unknown as Tag;
const tags = new Map(["n0", "c1"].map((asset) => [asset, ["K", "Mg"].map((component) => tag(asset, component))]));
const names = (asset: string) => (asset === "c1" ? ["Carnallite pond 1", "光卤石池 1"] : []);
const read = (text: string) => readSheet(text, tags, names, 8);

test("cells come by tabs, commas or semicolons, and quotes hold them together", () => {
  expect(cells('\uFEFFa,b\r\n"1,5","say ""so"""\n')).toEqual([["a", "b"], ["1,5", 'say "so"'], [""]]);
  expect(cells("a\tb\n1\t2")).toEqual([["a", "b"], ["1", "2"]]);
  expect(cells("a;b\n1;2")).toEqual([["a", "b"], ["1", "2"]]);
});

test("times are by the plant's clock", () => {
  const ms = Date.UTC(2027, 6, 1, 0, 5);
  for (const said of ["2027-07-01 08:05", "2027/7/1 8:05", "2027-07-01T08:05:00"]) expect(instantOf(said, 8)).toBe(ms);
  for (const said of ["2027-07-01", "yesterday", ""]) expect(instantOf(said, 8)).toBeNaN();
});

test("a row is an analysis, by components of its place or by tags", () => {
  const time_ms = Date.UTC(2027, 6, 1);
  const byPlace = read("时间\t盐池\tK [g/L]\tMg\n2027-07-01 08:00\t光卤石池 1\t12.5\t\n\t\t\t\n2027-07-01 08:00\tn0\t0\t41");
  expect(byPlace).toEqual({
    wrong: [],
    analyses: [
      { row: 2, time_ms, figures: [{ tag: "c1.K", value: 12.5 }] },
      { row: 4, time_ms, figures: [{ tag: "n0.K", value: 0 }, { tag: "n0.Mg", value: 41 }] },
    ],
  });
  expect(read("time,n0.K,c1.K\n2027-07-01 08:00,1,2").analyses[0]!.figures).toEqual([{ tag: "n0.K", value: 1 }, { tag: "c1.K", value: 2 }]);
});

test("what cannot be taken is told with row, column and value", () => {
  const text = "time,pond,K,Mg (mg/L),Xx\nsoon,c1,1,,\n2027-07-01 08:00,nowhere,1,,\n2027-07-01 08:00,c1,much,,\n2027-07-01 08:00,c1,,3,\n2027-07-01 08:00,c1,,,3\n2027-07-01 08:00,c1,,,";
  expect(read(text).wrong.map(({ row, column, value, why }) => [row, column, value, why])).toEqual([
    [2, "time", "soon", "time"],
    [3, "pond", "nowhere", "where"],
    [4, "K", "much", "number"],
    [5, "Mg (mg/L)", "3", "unit"],
    [6, "Xx", "3", "tag"],
    [7, "time", "2027-07-01 08:00", "nothing"],
  ]);
  expect(read("K,Mg\n1,2").wrong[0]!.why).toBe("head");
});
