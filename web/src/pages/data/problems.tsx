// Problems as the server says them: the first few, and the rest behind a line that says how many.

import type { Schema } from "../../api/client";
import { text } from "../../text/lang";
import { w } from "./words";

const FIRST = 3;

function One({ problem }: { problem: Schema["Problem"] }) {
  return (
    <p className="notice bad" style={{ overflowWrap: "anywhere" }}>
      {text(problem.message)}
    </p>
  );
}

export function Problems({ problems }: { problems: Schema["Problem"][] }) {
  const rest = problems.slice(FIRST);
  return (
    <>
      {problems.slice(0, FIRST).map((problem) => (
        <One key={problem.message.en} problem={problem} />
      ))}
      {rest.length > 0 && (
        <details>
          <summary>{w.more({ count: rest.length })}</summary>
          <div className="stack">
            {rest.map((problem) => (
              <One key={problem.message.en} problem={problem} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}
