import { expect, test } from "vitest";
import type { Tag } from "../../../api/client";
import { addressOf, chosen, kindOf, pageOf, sorted } from "./list";

const tag = (n: number, id: string, en: string, zh: string, source: string, period_s = 60) =>
  ({ n, id, name: { en, zh }, source, period_s }) as Tag;

const TAGS = [
  tag(0, "c10.level", "Carnallite pond 10: level", "光卤石池 10 液位", "opcua:ns=2;s=c10.level"),
  tag(1, "c2.level", "Carnallite pond 2: level", "光卤石池 2 液位", "opcua:ns=2;s=c2.level"),
  tag(2, "c2.K", "Carnallite pond 2: potassium", "光卤石池 2 钾", "lab", 604_800),
  tag(3, "wind", "Wind", "风速", "mqtt:a/b#wind"),
];
const ids = (tags: Tag[]) => tags.map(({ id }) => id);

test("a tag is found by any of its names, and by all words", () => {
  const by = (wanted: string) => ids(chosen(TAGS, { wanted, kind: "" }));
  expect(by("C2")).toEqual(["c2.level", "c2.K"]);
  expect(by("钾")).toEqual(["c2.K"]);
  expect(by("  level pond ")).toEqual(["c10.level", "c2.level"]);
  expect(by("level wind")).toEqual([]);
  expect(ids(chosen(TAGS, { wanted: "", kind: "opcua", doubt: (n) => (n === 1 ? "bad" : "") }))).toEqual(["c2.level"]);
});

test("a source has a kind and an address that may hold colons", () => {
  expect([kindOf(TAGS[0]!), addressOf(TAGS[0]!)]).toEqual(["opcua", "ns=2;s=c10.level"]);
  expect([kindOf(TAGS[2]!), addressOf(TAGS[2]!)]).toEqual(["lab", ""]);
});

test("numbers within names count as numbers, and nothing is sorted in place", () => {
  expect(ids(sorted(TAGS, "tag", (tag) => tag.name.en))).toEqual(["c2.level", "c2.K", "c10.level", "wind"]);
  expect(ids(sorted(TAGS, "period", (tag) => tag.name.en)).at(-1)).toBe("c2.K");
  expect(TAGS[0]!.id).toBe("c10.level");
});

test("a page past the end is the last", () => {
  const rows = [1, 2, 3, 4, 5];
  expect(pageOf(rows, 9, 2)).toEqual({ rows: [5], page: 2, last: 2 });
  expect(pageOf(rows, -1, 2).rows).toEqual([1, 2]);
  expect(pageOf([], 0, 2)).toEqual({ rows: [], page: 0, last: 0 });
});
