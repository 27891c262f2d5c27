import { expect, test } from "vitest";
import { chosenAfter, differenceOf } from "./difference";

test("a difference needs both values, and zero is one", () => {
  expect(differenceOf([10, 40])).toBe(30);
  expect(differenceOf([0, -2])).toBe(-2);
  expect(differenceOf([10, null])).toBeNull();
  expect(differenceOf([null, 10])).toBeNull();
});

test("two are compared: a third takes the place of the first, and one that is chosen again is let go", () => {
  expect(chosenAfter(["a", "b"], "c")).toEqual(["b", "c"]);
  expect(chosenAfter(["a", "b"], "a")).toEqual(["b"]);
  expect(chosenAfter([], "a")).toEqual(["a"]);
});
