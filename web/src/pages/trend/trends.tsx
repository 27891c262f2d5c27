// Trends of a few tags, one under the other over the same span.

import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { plantNow, usePlantClock } from "../../live/clock";
import { Panel } from "../../parts/panel";
import { Segments } from "../../parts/segments";
import { Trend, type Span } from "../../parts/trend";
import { usePark } from "../../session";
import { dateTime, text, unit } from "../../text/lang";
import { w } from "./words";

const HOUR_MS = 3_600_000;
const SPANS = [
  ["1", w.hour],
  ["24", w.day],
  ["168", w.week],
  ["720", w.month],
  ["2160", w.quarter],
] as const;

export default function Trends() {
  const { tags, byId } = usePark();
  const [search, setSearch] = useSearchParams();
  const hours = Number(search.get("hours") ?? 24) || 24;
  const ids = (search.get("tags") ?? tags.filter((tag) => tag.quantity === "level").slice(0, 2).map((tag) => tag.id).join(",")).split(",").filter((id) => byId.has(id));
  const [fixed, setFixed] = useState<Span | null>(null);
  const [round, setRound] = useState(0);
  const [now, setNow] = useState(plantNow);
  usePlantClock(5000);

  // What is being watched moves on with the plant's clock, about a pixel at a time.
  useEffect(() => {
    if (fixed) return;
    const timer = setInterval(() => {
      setNow(plantNow());
      setRound((round) => round + 1);
    }, Math.max(2000, hours * 1500));
    return () => clearInterval(timer);
  }, [fixed, hours]);

  const span: Span = fixed ?? { from_ms: now - hours * HOUR_MS, to_ms: now };
  const put = (changes: Record<string, string>) =>
    setSearch(
      (old) => {
        for (const [key, value] of Object.entries(changes)) old.set(key, value);
        return old;
      },
      { replace: true },
    );
  const shift = (share: number) => {
    const by = (span.to_ms - span.from_ms) * share;
    const to = span.to_ms + by;
    setFixed(to >= plantNow() ? null : { from_ms: span.from_ms + by, to_ms: to });
    setNow(plantNow());
  };
  const back = () => {
    setFixed(null);
    setNow(plantNow());
  };

  return (
    <>
      <div className="row">
        <label className="field">
          {w.add()}
          <input
            list="all-tags"
            onChange={(event) => {
              const id = event.target.value;
              if (!byId.has(id)) return;
              if (!ids.includes(id)) put({ tags: [...ids, id].join(",") });
              event.target.value = "";
            }}
          />
        </label>
        <datalist id="all-tags">
          {tags.map((tag) => (
            <option key={tag.id} value={tag.id}>
              {text(tag.name)}
            </option>
          ))}
        </datalist>
        <Segments label={w.span()} choices={SPANS.map(([value, name]) => [value, name()] as const)} value={String(hours)} onChange={(value) => (setFixed(null), setNow(plantNow()), put({ hours: value }))} />
        <button type="button" onClick={() => shift(-0.5)}>
          {w.back()}
        </button>
        <button type="button" onClick={() => shift(0.5)}>
          {w.forward()}
        </button>
        <button type="button" onClick={back} disabled={!fixed}>
          {w.now()}
        </button>
        <span className="faint small number">{`${dateTime(span.from_ms)} – ${dateTime(span.to_ms)}`}</span>
      </div>
      <p className="faint small">{w.hint()}</p>
      {ids.length === 0 && <p>{w.none()}</p>}
      {ids.map((id, i) => {
        const tag = byId.get(id)!;
        const name = text(tag.name);
        const query = `from=${Math.round(span.from_ms)}&to=${Math.round(span.to_ms)}`;
        return (
          <Panel
            key={id}
            title={unit(tag.unit) ? `${name} [${unit(tag.unit)}]` : name}
            aside={
              <span className="row">
                <a href={`/api/tags/${encodeURIComponent(id)}/series?${query}`} download={`${id}.csv`} aria-label={w.csv({ name })}>
                  {"CSV"}
                </a>
                <button type="button" className="quiet" aria-label={w.remove({ name })} onClick={() => put({ tags: ids.filter((other) => other !== id).join(",") })}>
                  {"×"}
                </button>
              </span>
            }
          >
            <Trend tag={tag} span={span} onZoom={setFixed} onBack={back} round={round} series={(i % 6) + 1} />
          </Panel>
        );
      })}
    </>
  );
}
