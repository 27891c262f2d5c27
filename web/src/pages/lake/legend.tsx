// How the colours of the map are to be read.

import { PRIORITIES, Priority, priorityName } from "../../parts/priority";
import { usePark } from "../../session";
import { atResolution, unit } from "../../text/lang";
import { ALARMS, scaleOf, type Measure } from "./measure";
import { stageName } from "./stage";
import { w } from "./words";

export function Legend({ measure, values }: { measure: Measure; values: Map<string, number> }) {
  const park = usePark();
  const pond = park.base.ponds[0];
  const scale = pond && scaleOf(measure, park, pond);
  if (measure.id === ALARMS) {
    return (
      <ul className="legend row small faint">
        {PRIORITIES.map((priority) => (
          <li key={priority}>
            <Priority priority={priority} /> {priorityName(priority)}
          </li>
        ))}
      </ul>
    );
  }
  if (!scale) {
    const stages = [...new Set(park.base.ponds.map((pond) => pond.stage))];
    return (
      <ul className="legend row small faint">
        {stages.map((stage) => (
          <li key={stage} className={`pond stage-${stage.replace(/\W/g, "-")}`}>
            <svg width="14" height="14" aria-hidden="true">
              <rect width="14" height="14" />
            </svg>{" "}
            {stageName(stage)}
          </li>
        ))}
      </ul>
    );
  }
  const known = [...values.values()].filter(Number.isFinite);
  return (
    <div className="legend row small faint">
      <span className="number">{known.length ? `${atResolution(Math.min(...known), scale.resolution)} ${unit(scale.unit)}` : w.low()}</span>
      <span className="ramp" aria-hidden="true" />
      <span className="number">{known.length ? `${atResolution(Math.max(...known), scale.resolution)} ${unit(scale.unit)}` : w.high()}</span>
    </div>
  );
}
