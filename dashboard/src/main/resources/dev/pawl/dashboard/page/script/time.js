// Times and lengths of time in words. "Now" is the server's: its answers say what time it was there.
import { h, time as timeElement, useEffect, useState } from "./html.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let ahead = 0;
const watchers = new Set();
setInterval(() => {
  if (!document.hidden) {
    watchers.forEach((tell) => tell(now()));
  }
}, SECOND);

export const now = () => Date.now() + ahead;

/** Takes the server's time over, where it differs by more than the way of an answer. */
export function toldTheTime(iso) {
  const difference = Date.parse(iso) - Date.now();
  if (Number.isFinite(difference) && Math.abs(difference - ahead) > 1_500) {
    ahead = difference;
  }
}

/** The time now, told again each second. */
export function useNow() {
  const [at, tell] = useState(now());
  useEffect(() => {
    watchers.add(tell);
    return () => watchers.delete(tell);
  }, []);
  return at;
}

/** 4 ms, 1.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function length(ms) {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) {
    return "–";
  }
  const size = Math.max(0, ms);
  if (size < SECOND) {
    return `${Math.round(size)} ms`;
  }
  if (size < 10 * SECOND) {
    return `${(Math.floor(size / 100) / 10).toFixed(1)} s`;
  }
  return whole(size);
}

/** The same with its units set small, as a figure. */
export const figure = (ms) => length(ms).split(" ").map((part, at) => (at % 2 ? h("small", null, part, " ") : part));

/** The same in whole seconds, for what counts up before one's eyes. */
export function whole(ms) {
  const size = Math.max(0, ms);
  const two = (big, bigName, unit, smallName, per) => {
    const high = Math.floor(size / big);
    const low = Math.floor((size % big) / unit) % per;
    return low && high < 10 ? `${high} ${bigName} ${low} ${smallName}` : `${high} ${bigName}`;
  };
  if (size < MINUTE) {
    return `${Math.floor(size / SECOND)} s`;
  }
  if (size < HOUR) {
    return two(MINUTE, "min", SECOND, "s", 60);
  }
  return size < DAY ? two(HOUR, "h", MINUTE, "min", 60) : two(DAY, "d", HOUR, "h", 24);
}

const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export const absolute = (iso) => ABSOLUTE.format(new Date(iso));
export const clock = (iso) => CLOCK.format(new Date(iso));

export function relative(iso, at) {
  const past = at - Date.parse(iso);
  if (Math.abs(past) < SECOND) {
    return "now";
  }
  return past > 0 ? `${whole(past)} ago` : `in ${whole(-past)}`;
}

const DAY_NAME = new Intl.DateTimeFormat("en-CA"); // 2026-02-17

/** The time of day, with the day where it is not today. */
export function moment(iso, at = now()) {
  return DAY_NAME.format(new Date(iso)) === DAY_NAME.format(new Date(at)) ? clock(iso) : absolute(iso);
}

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/;

/** A sentence of the server's, in which times stand as one writes them here. */
export const told = (sentence) => sentence.split(INSTANT).map((part, at) => at % 2
  ? timeElement({ dateTime: part, title: part }, moment(part))
  : part);

/** "3 min ago", with the exact time for those who point at it, and for machines. */
export function Ago({ at, bare = false }) {
  const from = useNow();
  const words = relative(at, from);
  return timeElement({ dateTime: at, title: `${absolute(at)} (${at})` }, bare ? words.replace(/ ago$/, "") : words);
}

/** How long something lasts that began then, counting up. */
export function Since({ at }) {
  const from = useNow();
  return timeElement({ dateTime: at, title: `since ${absolute(at)} (${at})` }, whole(from - Date.parse(at)));
}

export const ago = (at, bare) => (at ? h(Ago, { at, bare }) : "–");
export const since = (at) => (at ? h(Since, { at }) : "–");

/** Both: how long ago, and when. */
export const agoAndWhen = (at) => (at ? [ago(at), h("span", { class: "faint when" }, moment(at))] : "–");
