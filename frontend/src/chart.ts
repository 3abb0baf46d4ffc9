// Weekly visits of a point: the weeks, the estimate's interval, the threshold, special weeks.
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { pageData } from "./page";

interface Week {
  monday: string; // ISO date
  visits: number | null; // null: not known, not shown or not open
  withheld: boolean; // too few to be public
  kind: "complete" | "holiday" | "closed" | "missing" | "capped";
}

interface ChartData {
  language: string;
  weeks: Week[];
  estimate: number | null;
  low: number | null;
  high: number | null;
  window_from: string;
  threshold: number | null;
  small: number;
  texts: { week: string; visits: string; estimate: string; threshold: string };
}

const COLOUR = {
  line: "#00437a",
  band: "rgba(0, 98, 185, 0.16)",
  threshold: "#b01038",
  holiday: "#c25400",
  capped: "#5b2b8c",
  missing: "rgba(77, 77, 77, 0.28)",
  closed: "rgba(130, 148, 163, 0.28)",
  withheld: "#7fb0dd",
};

const seconds = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 1000;

/** A triangle or ring over each special week, and a shade where there is no figure. */
function markWeeks({ weeks, small }: ChartData): uPlot.Plugin {
  const mark = (u: uPlot): void => {
    const { ctx } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.setLineDash([]); // the threshold's dashes would cut the rings
    for (const week of weeks) {
      const x = u.valToPos(seconds(week.monday), "x", true);
      const width = u.valToPos(seconds(week.monday) + 7 * 86_400, "x", true) - x;
      if (week.withheld) {
        const top = u.valToPos(small, "y", true);
        ctx.fillStyle = COLOUR.withheld;
        ctx.fillRect(x - width / 2, top, width, u.bbox.top + u.bbox.height - top);
      } else if (week.kind === "missing" || week.kind === "closed") {
        ctx.fillStyle = COLOUR[week.kind];
        const height = week.kind === "missing" ? u.bbox.height : u.bbox.height / 3;
        ctx.fillRect(x - width / 2, u.bbox.top + u.bbox.height - height, width, height);
      } else if (week.visits !== null && week.kind !== "complete") {
        const y = u.valToPos(week.visits, "y", true);
        const r = 4 * ratio;
        ctx.beginPath();
        if (week.kind === "capped") {
          ctx.moveTo(x, y - r);
          ctx.lineTo(x + r, y + r);
          ctx.lineTo(x - r, y + r);
          ctx.closePath();
        } else {
          ctx.arc(x, y, r, 0, 2 * Math.PI);
        }
        ctx.fillStyle = week.kind === "capped" ? COLOUR.capped : "#ffffff";
        ctx.strokeStyle = COLOUR[week.kind];
        ctx.lineWidth = 1.5 * ratio;
        ctx.fill();
        ctx.stroke();
      }
    }
    ctx.restore();
  };
  return { hooks: { draw: mark } };
}

function columns(data: ChartData): uPlot.AlignedData {
  const inWindow = (week: Week): boolean => week.monday >= data.window_from;
  const within = (value: number | null) =>
    data.weeks.map((week) => (inWindow(week) ? value : null));
  return [
    data.weeks.map((week) => seconds(week.monday)),
    data.weeks.map((week) => week.visits),
    within(data.estimate),
    within(data.high),
    within(data.low),
    data.weeks.map(() => data.threshold),
  ];
}

/** Swedish and English as they are written in Finland and Europe: 1.6.2018, 1/6/2018. */
const LOCALES: Record<string, string> = { sv: "sv-FI", en: "en-GB" };

function options(data: ChartData, width: number): uPlot.Options {
  const locale = LOCALES[data.language] ?? data.language;
  const day = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "numeric",
    year: "numeric",
    timeZone: "UTC",
  });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const shown = (_u: uPlot, value: number | null): string =>
    value === null ? "–" : number.format(value);
  const month = new Intl.DateTimeFormat(locale, {
    month: "numeric",
    year: "numeric",
    timeZone: "UTC",
  });
  const axis = { font: "14px system-ui, sans-serif", stroke: "#4d4d4d", grid: { stroke: "#e6eaee" } };
  const hidden = { show: true, stroke: "transparent", points: { show: false } };
  return {
    width,
    height: width < 500 ? 240 : 320,
    tzDate: (timestamp) => uPlot.tzDate(new Date(timestamp * 1000), "UTC"),
    scales: {
      y: {
        range: (_u, _low, high) => [
          0,
          Math.max(high, data.threshold ?? 0, data.high ?? 0, 5) * 1.08,
        ],
      },
    },
    axes: [
      {
        ...axis,
        space: 80,
        // A short series has a tick a week: its month is named once, at the first of them.
        values: (_u, splits) =>
          splits
            .map((split) => month.format(new Date(split * 1000)))
            .map((name, i, names) => (name === names[i - 1] ? "" : name)),
      },
      { ...axis, size: 60, values: (_u, splits) => splits.map((split) => number.format(split)) },
    ],
    bands: [{ series: [3, 4], fill: COLOUR.band }],
    series: [
      {
        label: data.texts.week,
        value: (_u, value: number | null) =>
          value === null ? "–" : day.format(new Date(value * 1000)),
      },
      { label: data.texts.visits, stroke: COLOUR.line, width: 1.5, value: shown, points: { size: 4 } },
      { label: data.texts.estimate, stroke: COLOUR.line, width: 2, dash: [2, 4], value: shown, points: { show: false } },
      { ...hidden, label: "high", value: shown },
      { ...hidden, label: "low", value: shown },
      {
        label: data.texts.threshold,
        stroke: COLOUR.threshold,
        width: 2,
        dash: [10, 5],
        value: shown,
        points: { show: false },
      },
    ],
    legend: { show: true },
    plugins: [markWeeks(data)],
  };
}

function hideBounds(chart: uPlot): void {
  // The band shows the interval; its edges need no line of their own in the legend.
  const rows = chart.root.querySelectorAll<HTMLElement>(".u-series");
  for (const index of [3, 4]) {
    const row = rows[index];
    if (row) {
      row.hidden = true;
    }
  }
}

const holder = document.getElementById("demand-chart");
if (holder) {
  holder.hidden = false;
  const data = pageData<ChartData>("demand-data");
  const chart = new uPlot(options(data, holder.clientWidth), columns(data), holder);
  hideBounds(chart);
  new ResizeObserver(() => {
    chart.setSize({ width: holder.clientWidth, height: holder.clientWidth < 500 ? 240 : 320 });
  }).observe(holder);
  holder.dataset["ready"] = "true";
}
