// Light or dark: as the system has it until somebody chooses.

import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const listeners = new Set<() => void>();
const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

const chosen = (): Theme | null => localStorage.getItem("theme") as Theme | null;
export const theme = (): Theme => chosen() ?? (system?.matches ? "dark" : "light");

function apply(): void {
  document.documentElement.dataset.theme = theme();
  for (const listener of listeners) listener();
}

export function setTheme(next: Theme): void {
  localStorage.setItem("theme", next);
  apply();
}

export function beginTheme(): void {
  system?.addEventListener("change", apply);
  apply();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);

/** The value of a token now: `token("--ink")`. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
