// Asking from a page: what was answered, what went wrong, and asking again.

import { useCallback, useEffect, useRef, useState } from "react";
import { whenJournal } from "../live/stream";

export interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isAsking: boolean;
  again: () => void;
}

/** Asks when `keys` change, and every so often if a time is given. What was known stays until something newer is. */
export function useAsked<T>(ask: () => Promise<T>, keys: readonly unknown[], everyMs?: number): Asked<T> {
  const [state, setState] = useState<{ data: T | undefined; error: unknown; isAsking: boolean }>({ data: undefined, error: null, isAsking: true });
  const [round, setRound] = useState(0);
  const asking = useRef(ask);
  asking.current = ask;
  const again = useCallback(() => setRound((round) => round + 1), []);

  useEffect(() => {
    let isOver = false;
    setState((now) => ({ ...now, isAsking: true }));
    asking.current().then(
      (data) => !isOver && setState({ data, error: null, isAsking: false }),
      (error: unknown) => !isOver && setState((now) => ({ ...now, error, isAsking: false })),
    );
    return () => {
      isOver = true;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [...keys, round]);

  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(again, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, again]);

  return { ...state, again };
}

/** Asks again when the journal of alarms has new lines, at most twice a second. */
export function useJournal(again: () => void): void {
  useEffect(() => {
    let timer = 0;
    const stop = whenJournal(() => {
      if (timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        again();
      }, 500);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [again]);
}
