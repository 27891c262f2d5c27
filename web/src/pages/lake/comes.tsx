// What drops next and where: the first question of a pond planner, and where potassium is lost first.

import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { usePark } from "../../session";
import { number, percent, text } from "../../text/lang";
import { w } from "./words";

export type Estimates = Schema["EstimatesView"];

/** Minerals that hold potassium, by their names in the model's database. */
const POTASSIUM = new Set(["Sylvite", "Carnallite", "Kainite", "Leonite", "Picromerite", "Schoenite", "Polyhalite", "Glaserite", "Aphthitalite", "Syngenite", "Arcanite", "Kalicinite", "Niter"]);
/** Stages that are meant to drop potassium. */
const MEANT = new Set(["carnallite", "sylvite"]);

export const useEstimates = () => useAsked(() => answered(api.GET("/api/estimates")), [], 60_000);

interface Props {
  estimates: ReturnType<typeof useEstimates>;
  onChoose: (pond: string) => void;
}

export function Comes({ estimates, onChoose }: Props) {
  const { base } = usePark();
  const { data, error } = estimates;
  const ponds = new Map(base.ponds.map((pond) => [pond.id, pond]));
  const rows = (data?.phases ?? [])
    .filter((phase) => ponds.has(phase.pond))
    .map((phase) => {
      const pond = ponds.get(phase.pond)!;
      const holds = POTASSIUM.has(phase.mineral);
      return { phase, pond, holds, isLoss: holds && !MEANT.has(pond.stage) };
    })
    .sort((a, b) => Number(b.isLoss) - Number(a.isLoss) || (a.phase.middle_d ?? 1e9) - (b.phase.middle_d ?? 1e9));
  return (
    <Panel title={w.comes()}>
      {data?.evening && <p className="faint small">{w.comesWhy({ day: data.evening })}</p>}
      {!data && !error && <Loading />}
      {error ? <Problem error={error} again={estimates.again} /> : null}
      {data && !data.evening && <p className="faint">{w.noNight()}</p>}
      {data?.evening && rows.length === 0 && <p>{w.comesNone()}</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{w.pond()}</th>
              <th>{w.mineral()}</th>
              <th className="number">{w.days()}</th>
              <th className="number wide">{w.share()}</th>
              <th>{w.takes()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ phase, pond, holds, isLoss }) => (
              <tr key={`${phase.pond} ${phase.mineral}`}>
                <td>
                  <button type="button" className="link" onClick={() => onChoose(pond.id)}>
                    {text(pond.name)}
                  </button>
                </td>
                <td>{phase.mineral}</td>
                <td className="number">
                  {number(phase.middle_d)}{" "}
                  <span className="faint small">
                    {"("}
                    {number(phase.low_d)}
                    {"–"}
                    {number(phase.high_d)}
                    {")"}
                  </span>
                </td>
                <td className="number wide">{phase.share_percent == null ? "–" : percent(phase.share_percent / 100)}</td>
                <td className={isLoss ? "high" : "faint"}>{isLoss ? `▲ ${w.potassiumLost()}` : holds ? `K, ${w.intended()}` : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
