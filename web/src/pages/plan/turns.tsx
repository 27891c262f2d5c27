// How a plan came about: what each turn's programme promised, and what its simulation gave.

import { NONE, number, percent } from "../../text/lang";
import type { Plan } from "./gantt";
import { w } from "./words";

/** Whether nothing beat the base's own rules. */
export const isByRules = (plan: Plan): boolean => plan.worth != null && plan.worth === plan.by_rules;

export function Turns({ plan }: { plan: Plan }) {
  if (plan.turns.length === 0) return null;
  const { currency } = plan;
  return (
    <details>
      <summary className="small">{w.turns({ count: plan.turns.length, simulations: plan.simulations })}</summary>
      <div className="scroll">
        <table className="fit">
          <thead>
            <tr>
              <th className="number">{w.turn()}</th>
              <th className="number">{w.promised({ currency })}</th>
              <th className="number">{w.gave({ currency })}</th>
              <th className="number">{w.programme()}</th>
              <th>
                <span className="hidden">{w.kept()}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.turns.map((turn, k) => (
              <tr key={k}>
                <td className="number">{k + 1}</td>
                <td className="number">{number(turn.promised / 1e6)}</td>
                <td className="number">{number(turn.simulated / 1e6)}</td>
                <td className="number">{turn.gap == null ? NONE : percent(turn.gap)}</td>
                <td className="faint">{turn.kept ? w.kept() : w.dropped()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
