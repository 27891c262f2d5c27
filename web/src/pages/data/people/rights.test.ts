import { expect, test } from "vitest";
import { inOrder, rightsOf, stateOf, type Token } from "./rights";

const token = (id: number, ends_ms: number, withdrawn_ms: number | null = null) => ({ id, ends_ms, withdrawn_ms }) as Token;

test("each role may do what the one below may, and more", () => {
  expect(rightsOf("viewer")).toEqual(["look"]);
  expect(rightsOf("operator")).toEqual(["look", "answer", "write"]);
  expect(rightsOf("engineer")).toEqual(["look", "answer", "write", "send", "arrange"]);
  expect(rightsOf("admin")).toContain("administer");
  expect(rightsOf("unheard of")).toEqual([]);
});

test("a token that works stands before one that ended or was withdrawn", () => {
  const now = 100;
  const tokens = [token(1, 500, 50), token(2, 100), token(3, 900), token(4, 200)];
  expect(tokens.map((one) => stateOf(one, now))).toEqual(["withdrawn", "over", "valid", "valid"]);
  expect(inOrder(tokens, now).map(({ id }) => id)).toEqual([4, 3, 2, 1]);
});
