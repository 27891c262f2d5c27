// The pond on a phase diagram: where its brine was, where the laboratory found it, where it goes.

import { useMemo, useState } from "react";
import { Link } from "wouter";
import { answered, api, type Pond } from "../../api/client";
import { useAsked } from "../../api/use";
import { plantNow } from "../../live/clock";
import { live } from "../../live/store";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { usePark } from "../../session";
import { dateTime, number } from "../../text/lang";
import { Drawing, Track } from "../diagrams/drawing";
import { sheetOf, type Place } from "../diagrams/paper";
import { systemOf } from "../diagrams/systems";
import { tagsOf } from "../lake/measure";
import { trackOf } from "./track";
import { w } from "./words";
import "../diagrams/diagrams.css";

/** How many times the paper is enlarged around where the brine is. */
const TIMES = (["1", "2", "4", "8"] as const).map((times) => [times, `× ${times}`] as const);

export function Phases({ pond }: { pond: Pond }) {
  const park = usePark();
  const [times, setTimes] = useState<"1" | "2" | "4" | "8">("4");
  const [days, setDays] = useState<"30" | "90">("90");
  const { system, over } = systemOf(park.tags);
  const thermometer = tagsOf(park, pond.id).find((tag) => tag.quantity === "temperature" && tag.source !== "calculated");
  // Of now, whole degrees: the paper need not follow every breath of wind.
  const [degc] = useState(() => {
    const value = thermometer ? live.usable(thermometer.n) : Number.NaN;
    return Number.isFinite(value) ? Math.round(value) : 25;
  });
  const drawn = useAsked(() => answered(api.GET("/api/diagrams", { params: { query: { system, over: over || undefined, temperature_degc: degc } } })), [system, over, degc]);
  const diagram = drawn.data;
  const told = useAsked(() => (diagram ? trackOf(diagram, park, pond.id, plantNow()) : Promise.resolve(undefined)), [diagram, pond.id]);
  const sheet = useMemo(() => diagram && sheetOf(diagram), [diagram]);
  const track = told.data;
  const ahead = track?.ahead.slice(0, Number(days)) ?? [];
  const here: Place | undefined = track?.book.at(-1) ?? track?.lab.at(-1)?.place;
  const dot = ([x, y]: Place, className: string, title: string, key: string) => (
    <circle key={key} className={className} cx={x} cy={y}>
      <title>{title}</title>
    </circle>
  );
  return (
    <Panel
      title={w.phases({ t: number(degc) })}
      aside={
        <div className="row">
          <Segments label={w.ahead()} choices={[["30", w.days30()], ["90", w.days90()]] as const} value={days} onChange={setDays} />
          <Segments label={w.enlarge()} choices={TIMES} value={times} onChange={setTimes} />
        </div>
      }
    >
      <Problem error={drawn.error ?? told.error} again={drawn.error ? drawn.again : told.again} />
      {diagram && sheet && (
        <Drawing diagram={diagram} sheet={sheet} title={w.phases({ t: number(degc) })} times={Number(times)} around={here ?? [1 / 3, 1 / 3]}>
          {track && (
            <g className="pond-track">
              <Track sheet={sheet} places={track.book} className="model" />
              <Track sheet={sheet} places={ahead} className="ahead" />
              {track.lab.map(({ place, time_ms }) => dot(sheet.at(place), "lab", w.labDot({ time: dateTime(time_ms) }), `${time_ms}`))}
              {here && dot(sheet.at(here), "here", w.hereDot(), "here")}
            </g>
          )}
        </Drawing>
      )}
      <p className="faint small">
        {w.phasesWhy()} <Link href="/diagrams">{w.toDiagrams()}</Link>
      </p>
      {track && track.lab.length === 0 && <p className="faint small">{w.labNone()}</p>}
      {track && track.ahead.length === 0 && <p className="faint small">{w.aheadNone()}</p>}
    </Panel>
  );
}
