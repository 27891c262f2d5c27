// The live stream: into the store, and to whoever wants to know of alarms. It comes back by itself, and says when it is gone.

import { useSyncExternalStore } from "react";
import { live, type LiveValue } from "./store";

export type Link = "connecting" | "live" | "gone";

let link: Link = "connecting";
const onLink = new Set<() => void>();
const onJournal = new Set<() => void>();

function setLink(next: Link): void {
  if (next === link) return;
  link = next;
  document.body.classList.toggle("gone", next === "gone");
  for (const listener of onLink) listener();
  live.repaint();
}

export const useLink = (): Link =>
  useSyncExternalStore((listener) => {
    onLink.add(listener);
    return () => onLink.delete(listener);
  }, () => link);

/** Told when lines of the journal came. */
export function whenJournal(tell: () => void): () => void {
  onJournal.add(tell);
  return () => onJournal.delete(tell);
}

/** How long the stream may say nothing before it is taken for gone; the server speaks every five seconds. */
const SILENCE_MS = 12_000;
const ANSWER_MS = 4_000;
const AGAIN_MS = 2_000;

interface Following {
  /** Generation of the numbers of tags that the store has. */
  generation: number;
  /** Told when numbers of tags have changed, or the session is over. */
  onChange: () => void;
}

export function follow({ generation, onChange }: Following): () => void {
  let source: EventSource | null = null;
  let heard = performance.now();
  let retry = 0;

  const open = () => {
    source = new EventSource("/api/stream");
    heard = performance.now();
    const on = (name: string, work: (data: unknown) => void) =>
      source?.addEventListener(name, (event) => {
        heard = performance.now();
        setLink("live");
        work(JSON.parse((event as MessageEvent<string>).data));
      });
    on("base", (told) => {
      if (told !== generation) onChange();
    });
    on("values", (values) => live.take(values as LiveValue[]));
    const journal = () => onJournal.forEach((tell) => tell());
    on("journal", journal);
    on("missed", journal);
    on("ended", onChange);
    source.onopen = () => {
      heard = performance.now();
      journal();
    };
    source.onerror = () => {
      setLink("gone");
      // A browser gives up where the answer was no stream: a server that is starting, a session that has ended.
      if (source?.readyState === EventSource.CLOSED) {
        window.clearTimeout(retry);
        retry = window.setTimeout(() => {
          onChange();
          open();
        }, AGAIN_MS);
      }
    };
  };
  open();
  const look = window.setInterval(() => {
    if (source?.readyState !== EventSource.OPEN) return;
    // Comments that keep the way open are not told to pages, so silence alone says little: the server is asked.
    if (performance.now() - heard > SILENCE_MS) {
      heard = performance.now();
      // One that hangs is as far away as one that is gone.
      fetch("/healthz", { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => setLink("gone"));
    }
  }, 1000);
  return () => {
    window.clearTimeout(retry);
    window.clearInterval(look);
    source?.close();
  };
}
