// The lake: where every pond stands, how brine moves, what comes next, what asks for an answer.

import { useEffect, useMemo, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { useAsked } from "../../api/use";
import { useStandingAlarms } from "../../frame";
import { plantNow } from "../../live/clock";
import { live } from "../../live/store";
import { Panel } from "../../parts/panel";
import { Priority } from "../../parts/priority";
import { Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { usePark } from "../../session";
import { day, text } from "../../text/lang";
import { ahead } from "./ahead";
import { bookDays } from "./book";
import { Card } from "./card";
import { Comes, useEstimates } from "./comes";
import { Legend } from "./legend";
import { LakeMap } from "./map";
import { MEASURES, now, tagsOf } from "./measure";
import { DAYS, DAY_MS, past } from "./past";
import { w } from "./words";
import "./lake.css";

/** Draws anew when live values change, at most once a second: the map is not a gauge. */
function useLiveRound(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isDue = false;
    const stop = live.watchAll(() => {
      isDue = true;
    });
    const timer = setInterval(() => {
      if (!isDue) return;
      isDue = false;
      setRound((round) => round + 1);
    }, 1000);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return round;
}

export default function Lake() {
  const park = usePark();
  const { base } = park;
  const [search, setSearch] = useSearchParams();
  // Days from now: below zero what was, above what may come.
  const [days, setDays] = useState(0);
  const daysAgo = Math.max(0, -days);
  const round = useLiveRound();
  const estimates = useEstimates();
  const { shown } = useStandingAlarms();

  const measures = MEASURES.filter((measure) => !measure.tag || base.ponds.some((pond) => measure.tag?.(park, pond)));
  const measure = measures.find((one) => one.id === search.get("by")) ?? measures[0]!;
  const chosen = search.get("pond");
  const put = (key: string, value: string) =>
    setSearch(
      (old) => {
        old.set(key, value);
        return old;
      },
      { replace: true },
    );

  const before = useAsked(() => past(park, measure, plantNow()), [measure.id, daysAgo > 0]);
  const book = useAsked(() => bookDays(measure).catch(() => []), [measure.id, estimates.data?.evening]);
  const after = useAsked(() => ahead(park, measure).catch(() => null), [measure.id, estimates.data?.evening]);
  const toCome = after.data?.days.slice(0, DAYS) ?? [];
  const foreseen = days > 0 ? toCome[Math.min(days, toCome.length) - 1] : undefined;
  const ofBook = measure.column && book.data ? book.data[Math.max(0, book.data.length - 1 - daysAgo)] : undefined;
  const values = useMemo(() => {
    if (measure.column) return ofBook?.values ?? new Map<string, number>();
    if (foreseen) return foreseen.values;
    if (daysAgo > 0 && measure.tag) return before.data?.[daysAgo - 1] ?? new Map<string, number>();
    return new Map(base.ponds.map((pond) => [pond.id, now(measure.tag?.(park, pond))]));
    // Live values change outside of React.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [base, park, measure, daysAgo, foreseen, before.data, ofBook, round]);
  const flows = useMemo(() => {
    const of = (link: string) => tagsOf(park, link).find((tag) => tag.quantity === "flow" && !tag.writing);
    return new Map(base.links.map((link) => [link.id, now(of(link.id))]));
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [base, park, round]);
  const pond = base.ponds.find((one) => one.id === chosen);
  const at = plantNow() - daysAgo * DAY_MS;

  return (
    <>
      {base.caveats.length > 0 && <p className="notice plain">{base.caveats.map(text).join(" ")}</p>}
      <div className="lake">
        <Panel
          title={w.map()}
          className="map-panel"
          aside={<Segments label={w.colourBy()} choices={measures.map((one) => [one.id, one.name()] as const)} value={measure.id} onChange={(id) => put("by", id)} />}
        >
          <div className="scroll map-room">
            <LakeMap measure={measure} values={values} bands={foreseen?.bands} flows={flows} alarms={shown} chosen={chosen} onChoose={(id) => put("pond", id)} />
          </div>
          <div className="row apart">
            <Legend measure={measure} values={values} />
            <label className="row small slider">
              <span className="faint">{w.time()}</span>
              <input type="range" min={measure.column ? -Math.max(0, (book.data?.length ?? 1) - 1) : -DAYS} max={toCome.length} value={Math.min(days, toCome.length)} aria-valuetext={foreseen ? w.foreseen({ day: foreseen.day }) : undefined} onChange={(event) => setDays(Number(event.target.value))} disabled={!measure.tag && !measure.column} />
              <span className="number">{ofBook ? ofBook.day : foreseen ? w.foreseen({ day: foreseen.day }) : daysAgo === 0 ? w.now() : day(at)}</span>
            </label>
          </div>
          {foreseen && after.data && <p className="faint small">{w.foreseenWhy({ day: after.data.evening })}</p>}
          {measure.column && <p className="faint small">{ofBook ? w.byBook({ day: ofBook.day }) : w.noBook()}</p>}
          <Problem error={before.error} again={before.again} />
        </Panel>
        <Panel title={w.chosen()} className="card-panel">
          {pond ? <Card pond={pond} estimates={estimates.data} /> : <p className="faint">{w.choose()}</p>}
        </Panel>
      </div>
      <div className="cols">
        <Comes estimates={estimates} onChoose={(id) => put("pond", id)} />
        <Panel title={w.alarms()}>
          {shown.length === 0 && <p className="faint">{w.noAlarms()}</p>}
          <ul className="stack">
            {shown.slice(0, 8).map((alarm) => (
              <li key={alarm.id} className="row">
                <Priority priority={alarm.priority} unanswered={alarm.phase === "unacknowledged" || alarm.phase === "returned"} />
                <Link href={`/alarms?alarm=${encodeURIComponent(alarm.id)}`}>{text(alarm.name)}</Link>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
}
