// Icons of 16 by 16, drawn by their stroke. They say nothing that the text beside them does not.
import { h, svg } from "./html.js";

const PATHS = {
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  play: "M5 3.2v9.6L12.5 8z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  clock: "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 4.5V8l2.5 1.75",
  wait: "M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14",
  ban: "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M3.6 3.6l8.8 8.8",
  dot: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  ring: "M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7",
  alert: "M8 2 1.5 13.5h13zM8 6.5v3M8 11.6v.1",
  info: "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 7.25V11M8 5v.1",
  home: "M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4",
  bolt: "M9 1.5 3 9h4.5L7 14.5 13 7H8.5z",
  list: "M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.5M2 8h.5M2 12h.5",
  queue: "M2 3.5h12v3H2zM2 9.5h12v3H2z",
  scan: "M13.5 8A5.5 5.5 0 1 1 11 3.4M11 .75V3.5H8.25M8 5v3.25l2 1.25",
  shield: "M8 1.5 2.75 3.5v4c0 3.25 2.1 5.75 5.25 7 3.15-1.25 5.25-3.75 5.25-7v-4zM5.5 8l1.75 1.75L10.75 6",
  swap: "M2.5 5.5h10L10 3M13.5 10.5h-10L6 13",
  fork: "M4 2.5v3c0 2 8 1 8 4v4M4 5.5v8M2.5 3.5 4 2l1.5 1.5",
  retry: "M2.5 8a5.5 5.5 0 1 0 1.8-4.1M2.5 2v3h3",
  person: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14c.5-3 2.75-4.25 5.5-4.25S13 11 13.5 14",
  key: "M6 7a3 3 0 1 0-.1.1M8 8l6 6M11 11l1.75-1.75",
  skip: "M3 3.5v9L9 8zM12.5 3.5v9",
  wrench: "M13.9 4.4 11.6 6.7 9.3 4.4l2.3-2.3A4 4 0 0 0 6.6 7.3L2 11.9 4.1 14l4.6-4.6a4 4 0 0 0 5.2-5z",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7",
  screen: "M2 3h12v8H2zM5.5 13.5h5",
  arrow: "M3 8h10M9 4l4 4-4 4",
  inbox: "M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5l1 1.75h3l1-1.75H14",
  plug: "M5.5 1.5v4M10.5 1.5v4M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5",
};

export function Icon({ name, size = 16 }) {
  const filled = name === "play" || name === "dot" || name === "bolt" ? "currentColor" : "none";
  return svg(
    { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    h("path", {
      d: PATHS[name], fill: filled, stroke: "currentColor",
      "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round",
    }),
  );
}

export const icon = (name, size) => h(Icon, { name, size });

/** A pawl on its wheel: it moves forward, and not back. */
export function Mark({ size = 26 }) {
  return svg(
    { width: size, height: size, viewBox: "0 0 26 26", "aria-hidden": "true" },
    h("path", {
      d: "M13 6.2l2.3-2.4.9 3.2 3.1-1-.4 3.3 3.3.3-1.7 2.8 2.9 1.6-2.8 1.7 1.8 2.8-3.3.4.5 3.3-3.2-.9-.8 3.2-2.4-2.3-2.3 2.4-.9-3.2-3.1 1 .3-3.3-3.2-.4",
      fill: "none", stroke: "currentColor", "stroke-width": 1.9, "stroke-linejoin": "round", "stroke-linecap": "round",
    }),
    h("path", { d: "M3.5 4.5 10.8 12", stroke: "currentColor", "stroke-width": 2.6, "stroke-linecap": "round" }),
    h("circle", { cx: 3.8, cy: 4.8, r: 2.4, fill: "currentColor" }),
    h("circle", { cx: 13.4, cy: 14.4, r: 2, fill: "currentColor" }),
  );
}
