// Two runs side by side.

import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { number, text, unit } from "../../text/lang";
import { differenceOf } from "./difference";
import { w } from "./words";

export function Side({ names }: { names: string[] }) {
  const runs = names.join(",");
  const asked = useAsked(() => answered(api.GET("/api/runs/compare", { params: { query: { runs } } })), [runs]);
  return (
    <Panel title={w.compare({ runs: names.join(" · ") })}>
      {asked.isAsking && !asked.data && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {asked.data && (
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>{w.figure()}</th>
                <th>{w.unit()}</th>
                {asked.data.runs.map((name) => (
                  <th key={name} className="number">
                    {name}
                  </th>
                ))}
                <th className="number">{w.difference()}</th>
              </tr>
            </thead>
            <tbody>
              {asked.data.figures.map((figure) => (
                <tr key={figure.name.en}>
                  <td>{text(figure.name)}</td>
                  <td className="faint">{figure.unit === "-" ? "" : unit(figure.unit)}</td>
                  {figure.values.map((value, i) => (
                    <td key={names[i]} className="number">
                      {number(value)}
                    </td>
                  ))}
                  <td className="number">{number(differenceOf(figure.values))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
