// Nothing that a person reads is missing in either language.

import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { catalogues } from "./words";

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?url" });
const paths = Object.keys(sources).filter((path) => !path.includes(".test.") && !path.endsWith(".d.ts"));
const modules = import.meta.glob("../**/words.ts");

test("every text is there in both languages, with the same fields", async () => {
  for (const load of Object.values(modules)) await load();
  const fields = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  let seen = 0;
  for (const catalogue of catalogues) {
    for (const [key, [en, zh]] of Object.entries(catalogue)) {
      seen += 1;
      expect(en.trim(), key).not.toBe("");
      expect(zh.trim(), key).not.toBe("");
      expect(fields(zh), key).toEqual(fields(en));
      expect(/[\u4e00-\u9fff]/.test(en), `${key}: Chinese in ${en}`).toBe(false);
      // Symbols and names that both languages share stand alone.
      if (/[a-z]{4,}/.test(en.replace(/\{\w+\}/g, ""))) expect(zh, key).toMatch(/[\u4e00-\u9fff]/);
    }
  }
  expect(seen).toBeGreaterThan(50);
});

/** Attributes that are read out or shown. */
const SHOWN = new Set(["title", "aria-label", "placeholder", "alt", "label"]);

test("no page has a text of its own outside the catalogues", () => {
  const found: string[] = [];
  for (const path of paths.filter((path) => path.endsWith(".tsx"))) {
    const file = new URL(path, import.meta.url);
    const tree = ts.createSourceFile(path, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const visit = (node: ts.Node): void => {
      if (ts.isJsxText(node) && /\p{L}{2,}/u.test(node.text)) found.push(`${path}: ${node.text.trim()}`);
      if (ts.isJsxAttribute(node) && SHOWN.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
        found.push(`${path}: ${node.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  expect(found).toEqual([]);
});
