// Which tasks somebody has done, kept by this browser.

import { useSyncExternalStore } from "react";

const KEY = "learn";
const listeners = new Set<() => void>();

function read(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.map(String) : []);
  } catch {
    return new Set();
  }
}

let tasks: ReadonlySet<string> = read();

function keep(next: ReadonlySet<string>): void {
  tasks = next;
  localStorage.setItem(KEY, JSON.stringify([...next]));
  for (const listener of listeners) listener();
}

export const markDone = (task: string): void => {
  if (!tasks.has(task)) keep(new Set([...tasks, task]));
};

export const beginAnew = (): void => keep(new Set());

export function useDone(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => tasks,
  );
}
