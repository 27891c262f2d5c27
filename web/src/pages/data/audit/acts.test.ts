import { expect, test } from "vitest";
import { detailOf, joined, shown, type Act } from "./acts";

const act = (sequence: number, category: string, who: string, action: string, detail = "{}"): Act => ({ sequence, category, who, action, object: "o", detail, hash: "", time_ms: sequence });

test("acts are found by category and by words in any part", () => {
  const all = [act(3, "control", "Ann", "order.made", '{"why":"full"}'), act(2, "access", "ann", "session.begun"), act(1, "access", "bo", "session.begun")];
  expect(shown(all, "access", "ANN").map((a) => a.sequence)).toEqual([2]);
  expect(shown(all, "", "full").map((a) => a.sequence)).toEqual([3]);
  expect(shown(all, "", "")).toHaveLength(3);
});

test("older acts go behind, and what came twice stands once", () => {
  const known = [act(5, "access", "a", "x"), act(4, "access", "a", "x")];
  expect(joined(known, [act(4, "access", "a", "x"), act(3, "access", "a", "x")]).map((a) => a.sequence)).toEqual([5, 4, 3]);
});

test("a detail reads as pairs, and one that cannot be read is shown as it is", () => {
  expect(detailOf(act(1, "", "", "", '{"figures":2,"why":"late","scopes":["look"]}'))).toBe('figures: 2, why: late, scopes: ["look"]');
  expect(detailOf(act(1, "", "", "", "{}"))).toBe("");
  expect(detailOf(act(1, "", "", "", "not json"))).toBe("not json");
});
