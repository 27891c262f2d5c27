// Alarms: what asks for an answer, what is hidden, the journal, and how well the alarms themselves do.

import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { answered, api, type Alarm } from "../../api/client";
import { useAsked, useJournal } from "../../api/use";
import { plantNow } from "../../live/clock";
import { Ask, type Question } from "../../parts/ask";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { Priority, PRIORITIES, priorityName } from "../../parts/priority";
import { Segments } from "../../parts/segments";
import { usePark } from "../../session";
import { clockTime, number, percent, text, unit } from "../../text/lang";
import { w } from "./words";

type Deed = "acknowledge" | "confirm" | "reset" | "shelve" | "unshelve";

const isUnanswered = (alarm: Alarm) => alarm.phase === "unacknowledged" || alarm.phase === "returned";

function act(alarm: Alarm, deed: Deed, why: string, hours?: number) {
  return answered(api.POST("/api/alarms/{id}/answer", { params: { path: { id: alarm.id } }, body: { deed, why, hours: hours ?? null } }));
}

interface RowProps {
  alarm: Alarm;
  isMarked: boolean;
  ask: (question: Question) => void;
  again: () => void;
}

function Row({ alarm, isMarked, ask, again }: RowProps) {
  const { byId, may } = usePark();
  const tag = byId.get(alarm.tag);
  const said = [
    w[alarm.phase as "normal"](),
    alarm.shelf !== "none" && w.shelved(),
    alarm.suppressed && w.suppressed(),
    alarm.out_of_service && w.outOfService(),
    alarm.first_in_group && w.first(),
    alarm.limit != null && alarm.kind !== "state" && w.limit({ limit: `${number(alarm.limit)} ${unit(tag?.unit ?? "")}` }),
  ].filter(Boolean);
  const withReason = (title: string, deed: Deed) => ask({ title: `${title}: ${text(alarm.name)}`, work: (why) => act(alarm, deed, why).then(again) });
  return (
    <tr className={isMarked ? "marked" : ""}>
      <td>
        <Priority priority={alarm.priority} unanswered={isUnanswered(alarm)} />
      </td>
      <td>
        <Link href={`/trend?tags=${encodeURIComponent(alarm.tag)}&hours=24`}>{text(alarm.name)}</Link>
        <div className="faint small">{said.join(" · ")}</div>
      </td>
      <td className="wide">
        <b>{text(alarm.action)}</b>
        <div className="faint small">{`${text(alarm.cause)} → ${text(alarm.consequence)}`}</div>
      </td>
      <td className="number when">{alarm.raised_ms == null ? "" : clockTime(alarm.raised_ms)}</td>
      <td>
        {may("answer") && alarm.yours && (
          <div className="row actions">
            {isUnanswered(alarm) && (
              <button type="button" onClick={() => void act(alarm, "acknowledge", w.seen()).then(again)}>
                {w.acknowledge()}
              </button>
            )}
            {alarm.unconfirmed && (
              <button type="button" onClick={() => withReason(w.confirm(), "confirm")}>
                {w.confirm()}
              </button>
            )}
            {alarm.phase === "latched" && (
              <button type="button" onClick={() => withReason(w.reset(), "reset")}>
                {w.reset()}
              </button>
            )}
            {alarm.shelf !== "none" && (
              <button type="button" onClick={() => withReason(w.unshelve(), "unshelve")}>
                {w.unshelve()}
              </button>
            )}
            {alarm.shelf === "none" && alarm.shown && alarm.shelve_max_h > 0 && (
              <button
                type="button"
                onClick={() =>
                  ask({
                    title: `${w.shelve()}: ${text(alarm.name)}`,
                    number: { label: w.hours({ most: number(alarm.shelve_max_h) }), most: alarm.shelve_max_h, start: Math.min(1, alarm.shelve_max_h) },
                    work: (why, hours) => act(alarm, "shelve", why, hours).then(again),
                  })
                }
              >
                {w.shelve()}
              </button>
            )}
          </div>
        )}
      </td>
    </tr>
  );
}

function Table({ alarms, empty, ...rest }: { alarms: Alarm[]; empty: string; marked: string | null; ask: (question: Question) => void; again: () => void }) {
  if (alarms.length === 0) return <p className="faint">{empty}</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th>
              <span className="hidden">{w.priority()}</span>
            </th>
            <th>{w.alarm()}</th>
            <th className="wide">{w.todo()}</th>
            <th className="number">{w.since()}</th>
            <th>
              <span className="hidden">{w.acts()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {alarms.map((alarm) => (
            <Row key={alarm.id} alarm={alarm} isMarked={alarm.id === rest.marked} ask={rest.ask} again={rest.again} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WEEK_MS = 7 * 86_400_000;

function Journal({ round }: { round: number }) {
  const asked = useAsked(() => answered(api.GET("/api/journal", { params: { query: { from: String(plantNow() - WEEK_MS), most: 200 } } })), [round]);
  const lines = [...(asked.data ?? [])].reverse();
  return (
    <Panel title={`${w.journal()} (${w.week()})`}>
      {asked.isAsking && !asked.data && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {asked.data && lines.length === 0 && <p className="faint">{w.noJournal()}</p>}
      {lines.length > 0 && (
        <div className="scroll" style={{ maxHeight: "50vh" }} tabIndex={0} role="group" aria-label={w.journal()}>
          <table>
            <thead>
              <tr>
                <th>{w.time()}</th>
                <th>{w.event()}</th>
                <th>{w.alarm()}</th>
                <th className="number">{w.value()}</th>
                <th className="wide">{w.who()}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line, i) => (
                <tr key={`${line.time_ms} ${i}`}>
                  <td className="number when">{clockTime(line.time_ms)}</td>
                  <td>{text(line.text)}</td>
                  <td>{line.alarm ?? ""}</td>
                  <td className="number">{line.value == null ? "" : number(line.value)}</td>
                  <td className="wide">{[line.who, line.why].filter(Boolean).join(": ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const SHARES = new Set(["busy_share", "flood_share", "top_share", "critical_share"]);

function Figures() {
  const asked = useAsked(() => answered(api.GET("/api/alarms/figures")), []);
  const said = (figure: string, value: number | null | undefined) => (value == null ? "–" : SHARES.has(figure) ? percent(value) : number(value));
  return (
    <Panel title={w.figures()}>
      <Problem error={asked.error} again={asked.again} />
      <table>
        <thead>
          <tr>
            <th>{w.figure()}</th>
            <th className="number">{w.found()}</th>
            <th className="number">{w.target()}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {(asked.data ?? []).map((figure) => (
            <tr key={figure.figure}>
              <td>{w[figure.figure as "per_day"]?.() ?? figure.figure}</td>
              <td className="number">{said(figure.figure, figure.value)}</td>
              <td className="number faint">{`≤ ${said(figure.figure, figure.target)}`}</td>
              <td className={figure.meets ? "faint" : "high"}>{figure.meets ? w.meets() : w.misses()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

export default function Alarms() {
  const { may } = usePark();
  const [search] = useSearchParams();
  const [priority, setPriority] = useState<"all" | (typeof PRIORITIES)[number]>("all");
  const [wanted, setWanted] = useState("");
  const [onlyUnanswered, setOnlyUnanswered] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const [round, setRound] = useState(0);
  const asked = useAsked(() => answered(api.GET("/api/alarms")), [round]);
  const again = () => setRound((round) => round + 1);
  useJournal(asked.again);

  const all = asked.data ?? [];
  const fits = (alarm: Alarm) =>
    (priority === "all" || alarm.priority === priority) &&
    (!onlyUnanswered || isUnanswered(alarm)) &&
    (wanted === "" || `${alarm.id} ${alarm.name.en} ${alarm.name.zh}`.toLowerCase().includes(wanted.toLowerCase()));
  const shown = all.filter((alarm) => alarm.shown && fits(alarm));
  const hidden = all.filter((alarm) => !alarm.shown && fits(alarm));
  const toAnswer = shown.filter((alarm) => alarm.yours && isUnanswered(alarm));
  const isFiltered = priority !== "all" || onlyUnanswered || wanted !== "";
  const rest = { marked: search.get("alarm"), ask: setQuestion, again };
  const answerAll = () =>
    setQuestion({
      title: w.acknowledgeAll({ count: toAnswer.length }),
      work: async (why) => {
        for (const alarm of toAnswer) await act(alarm, "acknowledge", why);
        again();
      },
    });

  return (
    <>
      <div className="row">
        <Segments label={w.priority()} choices={[["all", w.all()] as const, ...PRIORITIES.map((one) => [one, priorityName(one)] as const)]} value={priority} onChange={setPriority} />
        <label className="row small">
          <input type="checkbox" checked={onlyUnanswered} onChange={(event) => setOnlyUnanswered(event.target.checked)} />
          {w.unansweredOnly()}
        </label>
        <input type="search" aria-label={w.find()} placeholder={w.find()} value={wanted} onChange={(event) => setWanted(event.target.value)} />
        {may("answer") && toAnswer.length > 1 && (
          <button type="button" onClick={answerAll}>
            {w.acknowledgeAll({ count: toAnswer.length })}
          </button>
        )}
      </div>
      <Panel title={w.answer()}>
        {asked.isAsking && !asked.data && <Loading />}
        <Problem error={asked.error} again={asked.again} />
        {asked.data && <Table alarms={shown} empty={isFiltered ? w.noneMatch() : w.none()} {...rest} />}
      </Panel>
      <Panel title={w.hidden()}>{asked.data && <Table alarms={hidden} empty={w.noneHidden()} {...rest} />}</Panel>
      <div className="cols">
        <Journal round={round + (asked.data ? all.length : 0)} />
        <Figures />
      </div>
      {question && <Ask question={question} close={() => setQuestion(null)} />}
    </>
  );
}
