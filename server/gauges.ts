import { Gauge, type Registry } from 'prom-client';

/** One gauge of what is read together: its values by labels. */
export interface ReadGauge<T> {
  name: string;
  help: string;
  labelNames?: string[];
  values: (figures: T) => { labels?: Record<string, string>; value: number | null }[];
}

/** A source that hangs must not keep the rest of the metrics back. */
const patienceMs = 3_000;
/** Every gauge of a scrape is set from the same reading. */
const sameMs = 1_000;

/**
 * Gauges whose values are read together when metrics are asked for. Where reading fails they are absent, so that an
 * old figure is never taken for a new one, and `up` is 0; the other metrics are served all the same.
 */
export function registerGauges<T>(
  registry: Registry,
  options: { up: { name: string; help: string }; read: () => Promise<T>; gauges: ReadGauge<T>[] },
): void {
  let last: { at: number; figures: Promise<T | null> } | null = null;
  const figuresNow = () => {
    if (last === null || performance.now() - last.at > sameMs) {
      last = { at: performance.now(), figures: inTime(options.read).catch(() => null) };
    }
    return last.figures;
  };
  const add = (gauge: Gauge) => registry.registerMetric(gauge);
  add(
    new Gauge({
      ...options.up,
      registers: [],
      async collect() {
        this.set((await figuresNow()) === null ? 0 : 1);
      },
    }),
  );
  for (const gauge of options.gauges) {
    add(
      new Gauge({
        name: gauge.name,
        help: gauge.help,
        labelNames: gauge.labelNames ?? [],
        registers: [],
        async collect() {
          const figures = await figuresNow();
          const values = figures === null ? [] : gauge.values(figures);
          this.reset();
          // A gauge without labels is 0 after a reset, which would be a figure.
          if (gauge.labelNames === undefined) this.remove();
          for (const { labels = {}, value } of values) if (value !== null) this.set(labels, value);
        },
      }),
    );
  }
}

async function inTime<T>(read: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Not read in time.')), patienceMs);
  });
  try {
    return await Promise.race([read(), late]);
  } finally {
    clearTimeout(timer);
  }
}
