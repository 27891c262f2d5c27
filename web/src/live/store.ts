// Live values outside of React: typed arrays by the tag's number, painted once a frame by whoever shows a tag.

/** From this quality byte on a value may be used, from 192 on it is good. */
export const USABLE = 64;
export const GOOD = 192;

export interface LiveValue {
  n: number;
  time_ms: number;
  value?: number | null;
  quality: number;
}

type Paint = () => void;

export class LiveStore {
  private times = new Float64Array(0);
  private values = new Float64Array(0);
  private qualities = new Uint8Array(0);
  private known = new Uint8Array(0);
  private painters = new Map<number, Set<Paint>>();
  private all = new Set<Paint>();
  private dirty = new Set<number>();
  private isDue = false;
  private readonly frame: (work: () => void) => void;

  /** `frame` calls back before the next picture. */
  constructor(frame: (work: () => void) => void = (work) => requestAnimationFrame(work)) {
    this.frame = frame;
  }

  /** Makes room for the tags of a base. */
  resize(count: number): void {
    this.times = new Float64Array(count);
    this.values = new Float64Array(count).fill(Number.NaN);
    this.qualities = new Uint8Array(count);
    this.known = new Uint8Array(count);
  }

  /** Takes what came; what is older than what is known changes nothing. */
  take(values: LiveValue[]): void {
    for (const { n, time_ms, value, quality } of values) {
      if (n >= this.times.length || (this.known[n] && time_ms < this.times[n]!)) continue;
      this.known[n] = 1;
      this.times[n] = time_ms;
      this.values[n] = value ?? Number.NaN;
      this.qualities[n] = quality;
      this.dirty.add(n);
    }
    this.schedule();
  }

  /** The value of a tag; NaN where there is none. */
  value(n: number): number {
    return this.known[n] ? this.values[n]! : Number.NaN;
  }

  /** A value that may be used; NaN otherwise. */
  usable(n: number): number {
    return this.qualities[n]! >= USABLE ? this.value(n) : Number.NaN;
  }

  time(n: number): number {
    return this.known[n] ? this.times[n]! : Number.NaN;
  }

  quality(n: number): number {
    return this.known[n] ? this.qualities[n]! : 0;
  }

  /** Paints when a tag changes, at most once a frame. */
  watch(n: number, paint: Paint): () => void {
    let own = this.painters.get(n);
    if (!own) this.painters.set(n, (own = new Set()));
    own.add(paint);
    return () => own.delete(paint);
  }

  /** Paints when anything changes, at most once a frame. */
  watchAll(paint: Paint): () => void {
    this.all.add(paint);
    return () => this.all.delete(paint);
  }

  /** Paints everything, as when the connection is lost. */
  repaint(): void {
    for (const n of this.painters.keys()) this.dirty.add(n);
    this.schedule();
  }

  private schedule(): void {
    if (this.isDue || this.dirty.size === 0) return;
    this.isDue = true;
    this.frame(() => {
      this.isDue = false;
      const painters = new Set<Paint>();
      for (const n of this.dirty) for (const paint of this.painters.get(n) ?? []) painters.add(paint);
      this.dirty.clear();
      for (const paint of painters) paint();
      for (const paint of this.all) paint();
    });
  }
}

export const live = new LiveStore();
