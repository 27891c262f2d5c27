// A number that opens its equation, source and unit.

import { useId, type ReactNode } from "react";
import { w } from "../words";

export interface Explanation {
  /** What the number is. */
  what: string;
  equation: string;
  unit: string;
  source: string;
  /** What else is to be known: the range, the database. */
  note?: string;
}

export function Explained({ by, children }: { by: Explanation; children: ReactNode }) {
  const id = useId();
  const title = w.explain({ what: by.what });
  return (
    <>
      <button type="button" className="explained" popoverTarget={id} title={title}>
        {children}
      </button>
      <div id={id} popover="auto" className="explanation" role="dialog" aria-label={title}>
        <dl>
          <dt>{w.equation()}</dt>
          <dd className="equation">{by.equation}</dd>
          <dt>{w.unit()}</dt>
          <dd>{by.unit || w.noUnit()}</dd>
          <dt>{w.source()}</dt>
          <dd>{by.source || w.noSource()}</dd>
        </dl>
        {by.note && <p className="faint small">{by.note}</p>}
        <button type="button" popoverTarget={id} popoverTargetAction="hide">
          {w.close()}
        </button>
      </div>
    </>
  );
}
