// What went wrong, in words, with a way on.

import { Refused } from "../api/client";
import { w } from "./words";

/** A sentence for an error. */
export function reason(error: unknown): string {
  if (error instanceof Refused) return error.text();
  return w.noServer();
}

export function Problem({ error, again }: { error: unknown; again?: () => void }) {
  if (!error) return null;
  return (
    <div className="notice bad row" role="alert">
      <span className="grow">{w.failed({ reason: reason(error) })}</span>
      {again && <button onClick={again}>{w.again()}</button>}
    </div>
  );
}

export function Loading() {
  return (
    <p className="faint" role="status">
      {w.loading()}
    </p>
  );
}
