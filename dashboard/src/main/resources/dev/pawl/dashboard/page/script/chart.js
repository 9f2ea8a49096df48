// Charts over time by uPlot, each with a table of the same figures for those who can't see it.
import { b, details, div, h, span, summary, svg, table, tbody, td, th, thead, tr, useEffect, useRef, useState } from "./html.js";
import { onTheme } from "./theme.js";

const UPlot = self.uPlot;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR_LONG = 60 * MINUTE;
// Where lines may stand in a chart of lengths of time, in ms.
const LENGTHS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 8, 12, 24, 48, 96, 240, 480].map((n) => n * HOUR_LONG),
];

function axes(format, lengths) {
  const look = {
    stroke: () => colour("--ink-faint"),
    font: `11px ${colour("--sans")}`,
    grid: { stroke: () => colour("--chart-grid"), width: 1 },
    ticks: { show: false, size: 0 },
    gap: 6,
  };
  return [
    { ...look, grid: { show: false }, space: 64, size: 24, values: (_, times) => times.map(hourOrDay) },
    { ...look, size: lengths ? 60 : 40, space: 34, ...(lengths ? { incrs: LENGTHS } : {}), values: (_, values) => values.map((value) => (value === 0 ? "0" : format(value))) },
  ];
}

const HOUR = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function hourOrDay(seconds) {
  const at = new Date(seconds * 1_000);
  return at.getHours() === 0 && at.getMinutes() === 0 ? DAY.format(at) : HOUR.format(at);
}

/** Bars that stand on one another: each series is drawn as the sum with those before it, the highest first. */
function stacked(times, series) {
  let sum = times.map(() => 0);
  const sums = series.map(({ values }) => (sum = sum.map((below, at) => below + (values[at] ?? 0))));
  return sums.reverse();
}

/** Whether a line would be too short to be seen. */
const alone = (values) => values.filter((value) => value !== null).length < 3;

function draw(box, { times, series, bars, format }, seen) {
  const drawn = bars ? [...series].reverse() : series;
  const data = [times, ...(bars ? stacked(times, series) : series.map(({ values }) => values))];
  const half = times.length > 1 ? (times[1] - times[0]) / 2 : 1_800;
  return new UPlot({
    width: box.clientWidth || 320,
    height: box.clientHeight || 208,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: bars ? { show: false } : { size: 7 } },
    scales: { x: { range: (_, first, last) => [first - half, last + half] }, y: { range: (_, low, high) => [0, Math.max(high * 1.08, bars ? 4 : 1)] } },
    axes: axes(format, !bars),
    series: [{}, ...drawn.map((one) => ({
      label: one.name,
      stroke: () => colour(one.colour),
      ...(bars
        ? { width: 0, fill: () => colour(one.colour), points: { show: false }, paths: UPlot.paths.bars({ size: [0.72, 40], radius: 0.12 }) }
        : { width: 2, spanGaps: true, points: { show: alone(one.values), size: 6 }, ...(one.dashed ? { dash: [5, 4] } : {}) }),
    }))],
    hooks: { setCursor: [(plot) => seen(plot.cursor.idx ?? null)] },
  }, data, box);
}

/**
 * A chart: times in seconds, series of { name, values, colour, dashed }, and how a value is written. In its key stand the values
 * under the pointer, or what the series are at last.
 */
export function Chart({ label, times, series, bars = false, format }) {
  const box = useRef(null);
  const [pointed, point] = useState(null);
  const [colours, recolour] = useState(0);
  const content = JSON.stringify([times, series]);
  useEffect(() => onTheme(() => recolour((n) => n + 1)), []);
  useEffect(() => {
    const plot = draw(box.current, { times, series, bars, format }, point);
    const sized = new ResizeObserver(() => plot.setSize({ width: box.current.clientWidth, height: box.current.clientHeight }));
    sized.observe(box.current);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [content, colours, bars]);
  return div(
    { class: "stack" },
    h(Key, { times, series, bars, format, pointed }),
    div({ class: "chart", ref: box, role: "img", "aria-label": `${label}. The same figures stand in the table below.` }),
    h(Figures, { label, times, series, format }),
  );
}

function Key({ times, series, bars, format, pointed }) {
  const at = pointed !== null && times[pointed] !== undefined ? pointed : null;
  return div(
    { class: "chart-key" },
    series.map((one) => span(
      null,
      svg({ width: 14, height: 10, viewBox: "0 0 14 10", "aria-hidden": "true" }, bars
        ? h("rect", { x: 2, y: 0, width: 10, height: 10, rx: 2, fill: `var(${one.colour})` })
        : h("path", { d: "M0 5h14", stroke: `var(${one.colour})`, "stroke-width": 2.5, "stroke-dasharray": one.dashed ? "4 3" : undefined })),
      one.name,
      at !== null && b(null, format(one.values[at])),
    )),
    at !== null && span(null, new Date(times[at] * 1_000).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" })),
  );
}

function Figures({ label, times, series, format }) {
  const [open, set] = useState(false);
  return details(
    { class: "fold quiet", onToggle: (event) => set(event.currentTarget.open) },
    summary(null, "Figures as a table"),
    open && div({ class: "table-box", tabIndex: 0, role: "group", "aria-label": `${label}, as a table` }, table(
      null,
      thead(null, tr(null, th({ scope: "col" }, "From"), series.map((one) => th({ scope: "col", class: "number" }, one.name)))),
      tbody(null, times.map((at, row) => tr(
        null,
        td(null, new Date(at * 1_000).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" })),
        series.map((one) => td({ class: "number" }, format(one.values[row]))),
      ))),
    )),
  );
}

/** A line as small as a word. */
export function spark(values, label) {
  if (!values || values.length < 2) {
    return span({ class: "faint small" }, "–");
  }
  const high = Math.max(...values, 1);
  const points = values.map((value, at) => `${((at / (values.length - 1)) * 100).toFixed(2)},${(27 - (value / high) * 25).toFixed(2)}`);
  return svg(
    { class: "spark", viewBox: "0 0 100 28", preserveAspectRatio: "none", role: "img", "aria-label": label },
    h("polygon", { class: "area", points: `0,28 ${points.join(" ")} 100,28` }),
    h("polyline", { class: "line", points: points.join(" ") }),
  );
}
