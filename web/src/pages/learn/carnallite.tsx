// Lesson 2: why carnallite needs its own pond. The paper is that of the phase diagrams, the task is to find a brine on it.

import { useEffect, useMemo, useState } from "react";
import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Loading, Problem } from "../../parts/problem";
import { text } from "../../text/lang";
import { Drawing, Handle, Track } from "../diagrams/drawing";
import { sheetOf, type Place } from "../diagrams/paper";
import { placesOf } from "../diagrams/path";
import { isCleanCarnallite } from "./sums";
import { BringAbout } from "./task";
import { w } from "./words";
import "../diagrams/diagrams.css";

const OF = { system: "Na,K,Mg//Cl", temperature_degc: 25 };
/** A brine with much potassium and little magnesium: sylvite comes first. */
const BEGIN: Place = [0.3, 0.4];

export function Carnallite() {
  const [place, move] = useState<Place>(BEGIN);
  const [settled, settle] = useState<Place>(BEGIN);
  useEffect(() => {
    const timer = setTimeout(() => settle(place), 80);
    return () => clearTimeout(timer);
  }, [place]);
  const drawn = useAsked(() => answered(api.GET("/api/diagrams", { params: { query: OF } })), []);
  const body = { diagram: OF, place: [settled[0], settled[1]], mode: "fractional" as const };
  const told = useAsked(() => answered(api.POST("/api/diagrams/brine", { body })), [settled[0], settled[1]]);
  const sheet = useMemo(() => drawn.data && sheetOf(drawn.data), [drawn.data]);
  // In the order in which they appear.
  const path = told.data;
  const order = path?.solids.map((solid) => solid.id) ?? [];
  const names = path?.solids.map((solid) => text(solid.name)) ?? [];
  return (
    <>
      <p>{w.ca1()}</p>
      <p>{w.ca2()}</p>
      <Problem error={drawn.error ?? told.error} again={() => (drawn.again(), told.again())} />
      {drawn.isAsking && !drawn.data && <Loading />}
      {drawn.data && sheet && (
        <BringAbout id="carnallite" question={w.caTask()} hint={w.caHint({ order: names.join(" → ") })} why={w.caWhy({ order: names.join(" → ") })} isSo={!told.isAsking && settled === place && isCleanCarnallite(order)}>
          <div className="lesson-paper">
            <Drawing diagram={drawn.data} sheet={sheet} title={w.carnallite()} times={1} around={place}>
              {path && <Track sheet={sheet} places={placesOf(path)} className="path" />}
              <Handle diagram={drawn.data} sheet={sheet} times={1} place={place} first={names[0] ?? ""} move={move} />
            </Drawing>
          </div>
        </BringAbout>
      )}
      <p>{w.ca3()}</p>
    </>
  );
}
