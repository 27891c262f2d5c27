// What stands in the way of more, the most worth first.

import { Panel } from "../../parts/panel";
import { number, text } from "../../text/lang";
import type { Plan } from "./gantt";
import { said } from "./rows-of";
import { w } from "./words";

/** Limits that are shown at once. */
const FIRST = 6;

export function BindsTable({ plan, binds }: { plan: Plan; binds: Plan["bindings"] }) {
  return (
    <div className="scroll">
      <table className="fit">
        <thead>
          <tr>
            <th>{w.limit()}</th>
            <th>{w.when()}</th>
            <th className="number" title={w.worthWhy()}>
              {w.worthOf({ currency: plan.currency })}
            </th>
          </tr>
        </thead>
        <tbody>
          {binds.map((one) => (
            <tr key={`${one.what.en} ${one.from}`}>
              <td>
                {text(one.what)}
                {one.places.length > 0 && <div className="faint small">{said(one.places)}</div>}
              </td>
              <td>
                <span className="day">{one.from}</span> <span className="day">{`– ${one.to}`}</span>
              </td>
              <td className="number">{number(one.worth, 3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Binds({ plan }: { plan: Plan }) {
  return (
    <Panel title={w.binds()}>
      {plan.bindings.length > 0 && <p className="faint small">{w.worthWhy()}</p>}
      {plan.bindings.length === 0 ? <p className="faint">{w.bindsNone()}</p> : <BindsTable plan={plan} binds={plan.bindings.slice(0, FIRST)} />}
      {plan.bindings.length > FIRST && (
        <details>
          <summary className="small">{w.bindsMore({ count: plan.bindings.length - FIRST })}</summary>
          <BindsTable plan={plan} binds={plan.bindings.slice(FIRST)} />
        </details>
      )}
    </Panel>
  );
}
