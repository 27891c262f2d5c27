// What comes of a moved harvest: the plan and the simulation beside each other.

import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { list, number, text, unit } from "../../text/lang";
import { differenceOf } from "../scenarios/difference";
import { signed } from "./chart";
import { isTold } from "./told";
import { w } from "./words";

type Figure = Schema["ComparisonView"]["figures"][number];

const shiftsOf = (run: Schema["RunView"]): string => list(run.shifts.map((shift) => w.shifted({ id: shift.id, days: signed(shift.days) })));

function Figures({ figures }: { figures: Figure[] }) {
  return (
    <div className="scroll">
      <table className="fit">
        <thead>
          <tr>
            <th>{w.figure()}</th>
            <th className="number">{w.planned()}</th>
            <th className="number">{w.asMoved()}</th>
            <th className="number">{w.difference()}</th>
            <th>{w.unit()}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => {
            const difference = differenceOf(figure.values);
            const size = Math.max(...figure.values.map((value) => Math.abs(value ?? 0)));
            const isSame = difference !== null && Math.abs(difference) <= 1e-4 * size;
            return (
              <tr key={figure.name.en}>
                <td>{text(figure.name)}</td>
                <td className="number">{number(figure.values[0])}</td>
                <td className="number">{number(figure.values[1])}</td>
                <td className={isSame ? "number faint" : "number"}>{isSame ? w.noChange() : `${(difference ?? 0) > 0 ? "+" : ""}${number(difference, 3)}`}</td>
                <td className="faint">{figure.unit === "-" ? "" : figure.unit === "months" ? w.months() : unit(figure.unit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  plan: string;
  /** Simulations of the plan with harvests moved, the latest first. */
  moved: Schema["RunView"][];
  chosen: string;
  choose: (run: string) => void;
}

export function Consequence({ plan, moved, chosen, choose }: Props) {
  const run = moved.find((one) => one.name === chosen) ?? moved[0]!;
  const runs = `${plan},${run.name}`;
  const asked = useAsked(() => answered(api.GET("/api/runs/compare", { params: { query: { runs } } })), [runs]);
  const figures = asked.data?.figures ?? [];
  return (
    <Panel
      title={w.consequence()}
      className="consequence"
      aside={
        <label className="row small">
          {w.movedRun()}
          <select value={run.name} onChange={(event) => choose(event.target.value)}>
            {moved.map((one) => (
              <option key={one.name} value={one.name}>
                {`${one.name}: ${shiftsOf(one)}`}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {asked.isAsking && !asked.data && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {asked.data && (
        <>
          <Figures figures={figures.filter((figure) => isTold(figure.name.en))} />
          <details>
            <summary className="small">{w.allFigures()}</summary>
            <Figures figures={figures} />
          </details>
        </>
      )}
    </Panel>
  );
}
