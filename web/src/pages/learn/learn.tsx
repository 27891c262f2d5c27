// Lessons on the base that is served: each a few minutes, with a task that is checked on its figures.

import type { ComponentType } from "react";
import { Link, useParams } from "wouter";
import { Panel } from "../../parts/panel";
import { Carnallite } from "./carnallite";
import { Compute } from "./compute";
import { beginAnew, useDone } from "./done";
import { Evaporation } from "./evaporation";
import { Leakage } from "./leakage";
import { Storm } from "./storm";
import { w } from "./words";
import "./learn.css";

interface Lesson {
  id: string;
  name: () => string;
  about: () => string;
  minutes: number;
  /** Tasks by which it is done; those that not everybody may do are not among them. */
  tasks: string[];
  View: ComponentType;
}

const LESSONS: Lesson[] = [
  { id: "evaporation", name: w.evaporation, about: w.evAbout, minutes: 3, tasks: ["evaporation"], View: Evaporation },
  { id: "carnallite", name: w.carnallite, about: w.caAbout, minutes: 4, tasks: ["carnallite"], View: Carnallite },
  { id: "leakage", name: w.leakage, about: w.leAbout, minutes: 3, tasks: ["leakage"], View: Leakage },
  { id: "storm", name: w.storm, about: w.stAbout, minutes: 4, tasks: ["storm.days", "storm.salt"], View: Storm },
  { id: "compute", name: w.compute, about: w.coAbout, minutes: 4, tasks: ["compute"], View: Compute },
];

export default function Learn() {
  const { id } = useParams<{ id: string }>();
  const done = useDone();
  const lesson = LESSONS.find((one) => one.id === id);
  const isDone = (one: Lesson) => one.tasks.every((task) => done.has(task));
  const next = lesson && LESSONS[LESSONS.indexOf(lesson) + 1];
  if (lesson) {
    return (
      <>
        <p className="row">
          <Link href="/learn">{w.all()}</Link>
        </p>
        <Panel title={lesson.name()} aside={<span className="faint small">{isDone(lesson) ? `✓ ${w.lessonDone()}` : w.minutes({ minutes: lesson.minutes })}</span>} className="lesson">
          <lesson.View />
          {next && (
            <p>
              <Link href={`/learn/${next.id}`}>{w.next({ name: next.name() })}</Link>
            </p>
          )}
        </Panel>
      </>
    );
  }
  return (
    <>
      <p>{w.intro()}</p>
      <ul className="lessons">
        {LESSONS.map((one) => (
          <li key={one.id}>
            <Panel title={`${isDone(one) ? "✓ " : ""}${one.name()}`} aside={<span className="faint small">{isDone(one) ? w.lessonDone() : w.minutes({ minutes: one.minutes })}</span>}>
              <p>{one.about()}</p>
              <p>
                <Link href={`/learn/${one.id}`}>{w.begin({ name: one.name() })}</Link>
              </p>
            </Panel>
          </li>
        ))}
      </ul>
      {done.size > 0 && (
        <p>
          <button type="button" className="quiet" onClick={beginAnew}>
            {w.anew()}
          </button>
        </p>
      )}
    </>
  );
}
