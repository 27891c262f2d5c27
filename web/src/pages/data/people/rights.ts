// Roles, what each may do, and how a token stands.

import type { Schema } from "../../../api/client";

export type User = Schema["UserView"];
export type Token = Schema["TokenView"];
export type Right = Schema["Right"];

/** From the least to the most. */
export const ROLES = ["viewer", "operator", "engineer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The least role that has each right. */
const LEAST: Record<Right, Role> = { look: "viewer", answer: "operator", write: "operator", send: "engineer", arrange: "engineer", administer: "admin" };
export const RIGHTS = Object.keys(LEAST) as Right[];

/** What someone of a role may do: a token in their name can do no more. */
export const rightsOf = (role: string): Right[] => RIGHTS.filter((right) => ROLES.indexOf(role as Role) >= ROLES.indexOf(LEAST[right]));

export type TokenState = "valid" | "over" | "withdrawn";

/** By the clock on the wall, not the plant's. */
export function stateOf(token: Token, nowMs: number): TokenState {
  if (token.withdrawn_ms != null) return "withdrawn";
  return token.ends_ms <= nowMs ? "over" : "valid";
}

const RANK: Record<TokenState, number> = { valid: 0, over: 1, withdrawn: 2 };

/** Those that work first, of these the one that ends first. */
export const inOrder = (tokens: readonly Token[], nowMs: number): Token[] =>
  [...tokens].sort((a, b) => RANK[stateOf(a, nowMs)] - RANK[stateOf(b, nowMs)] || a.ends_ms - b.ends_ms);
