// What every page has around it: the ways, what is going on, who is here.

import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { answered, api } from "./api/client";
import { useAsked, useJournal } from "./api/use";
import { plantNow, plantSpeed, usePlantClock } from "./live/clock";
import { useLink } from "./live/stream";
import { LangSwitch, ThemeSwitch } from "./parts/switches";
import { PAGES, type Page } from "./pages";
import { usePark } from "./session";
import { clockTime, number, text } from "./text/lang";
import { w } from "./words";

const DemoPanel = lazy(() => import("./demo/demo").then(({ DemoPanel }) => ({ default: DemoPanel })));

function Way({ page, badge }: { page: Page; badge?: ReactNode }) {
  const [isHere] = useRoute(page.path === "/" ? "/" : `${page.path}/*?`);
  const name = useRef<HTMLSpanElement>(null);
  // Where the ways stand in a row that is too long, the one that is open is seen.
  useEffect(() => {
    if (isHere) name.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [isHere]);
  return (
    <Link href={page.path} className="way" aria-current={isHere ? "page" : undefined}>
      <span ref={name}>{page.name()}</span>
      {badge}
    </Link>
  );
}

/** Alarms that ask for an answer, kept up to date. */
export function useStandingAlarms() {
  const asked = useAsked(() => answered(api.GET("/api/alarms")), [], 15_000);
  useJournal(asked.again);
  const shown = (asked.data ?? []).filter((alarm) => alarm.shown);
  const unanswered = shown.filter((alarm) => alarm.phase === "unacknowledged" || alarm.phase === "returned");
  return { ...asked, shown, unanswered };
}

function Clock() {
  usePlantClock(1000);
  const link = useLink();
  if (link === "gone") {
    return (
      <span className="chip bad" role="alert">
        {w.gone()}
      </span>
    );
  }
  return (
    <span className="faint number">
      {link === "live" ? w.live() : w.connecting()} {clockTime(plantNow())}
    </span>
  );
}

export function Frame({ signOut, children }: { signOut: () => void; children: ReactNode }) {
  const { base, who } = usePark();
  const { shown, unanswered } = useStandingAlarms();
  const [isPlaying, setPlaying] = useState(false);
  const worst = shown[0];
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {w.skip()}
      </a>
      <nav className="ways" aria-label={w.ways()}>
        <Link className="mark-of" href="/">
          <svg width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">
            <path d="M2 13 11 3l9 10z" fill="var(--brine-deep)" />
            <path d="M1 16h20" stroke="var(--accent)" strokeWidth="2.5" />
          </svg>
          {"Saltern"}
        </Link>
        {PAGES.map((page) => (
          <Way key={page.path} page={page} badge={page.path === "/alarms" && unanswered.length > 0 ? <b className="small critical">{unanswered.length}</b> : null} />
        ))}
      </nav>
      <header className="top">
        <span className="name">{text(base.name)}</span>
        {base.played && (
          <button type="button" className="chip" title={w.playedWhy()} onClick={() => setPlaying(true)}>
            {w.played({ speed: number(plantSpeed()) })}
          </button>
        )}
        <Clock />
        <span className="grow" />
        <Link className={`chip ${unanswered.length ? "bad" : ""}`} href="/alarms">
          {worst ? (unanswered.length ? w.unanswered({ count: unanswered.length }) : w.standing({ count: shown.length })) : w.quiet()}
        </Link>
        <span className="row">
          <LangSwitch />
          <ThemeSwitch />
          <span className="faint small">{who.name}</span>
          <button type="button" className="quiet" onClick={signOut}>
            {w.signOut()}
          </button>
        </span>
      </header>
      <main className="page" id="page" tabIndex={-1}>
        {children}
      </main>
      {isPlaying && (
        <Suspense>
          <DemoPanel close={() => setPlaying(false)} />
        </Suspense>
      )}
    </div>
  );
}
