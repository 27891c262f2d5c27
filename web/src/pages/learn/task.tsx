// A task with its check: something to choose, to reckon, or to bring about.

import { useState, type FormEvent, type ReactNode } from "react";
import { markDone, useDone } from "./done";
import { w } from "./words";

interface Props {
  id: string;
  children: ReactNode;
}

function Frame({ id, children }: Props) {
  const isDone = useDone().has(id);
  return (
    <section className={`task ${isDone ? "done" : ""}`} aria-label={w.task()}>
      <h3>{isDone ? `✓ ${w.taskDone()}` : w.task()}</h3>
      {children}
    </section>
  );
}

interface Answered {
  id: string;
  question: string;
  /** What is said of a wrong answer: where to look, not what it is. */
  hint: string;
  /** What is said of a right one: why it is so. */
  why: string;
}

function Verdict({ tried, isRight, hint, why }: { tried: boolean; isRight: boolean; hint: string; why: string }) {
  return (
    <p role="status" className={isRight ? "right" : "high"}>
      {!tried ? "" : isRight ? `✓ ${why}` : `▲ ${w.notYet()} ${hint}`}
    </p>
  );
}

export function Choice({ id, question, hint, why, choices, right }: Answered & { choices: readonly (readonly [id: string, name: string])[]; right: string }) {
  const [chosen, choose] = useState("");
  const pick = (value: string) => {
    choose(value);
    if (value === right) markDone(id);
  };
  return (
    <Frame id={id}>
      <label className="field">
        {question}
        <select value={chosen} onChange={(event) => pick(event.target.value)}>
          <option value="">{w.choose()}</option>
          {choices.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Verdict tried={chosen !== ""} isRight={chosen === right} hint={hint} why={why} />
    </Frame>
  );
}

export function Reckon({ id, question, hint, why, unit, isRight }: Answered & { unit: string; isRight: (answer: number) => boolean }) {
  const [answer, setAnswer] = useState<number | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = Number(String(new FormData(event.currentTarget).get("answer")).replace(/[,\s]/g, ""));
    setAnswer(said);
    if (isRight(said)) markDone(id);
  };
  return (
    <Frame id={id}>
      <form className="row" onSubmit={submit}>
        <label className="field">
          {`${question} [${unit}]`}
          <input name="answer" inputMode="decimal" required autoComplete="off" />
        </label>
        <button>{w.check()}</button>
      </form>
      <Verdict tried={answer !== null} isRight={answer !== null && isRight(answer)} hint={hint} why={why} />
    </Frame>
  );
}

/** Something to bring about; done as soon as it is so. */
export function BringAbout({ id, question, hint, why, isSo, children }: Answered & { isSo: boolean; children?: ReactNode }) {
  const wasDone = useDone().has(id);
  if (isSo && !wasDone) queueMicrotask(() => markDone(id));
  return (
    <Frame id={id}>
      <p>{question}</p>
      {children}
      <Verdict tried={true} isRight={isSo} hint={hint} why={why} />
    </Frame>
  );
}
