// Light or dark: the system's, unless one was chosen here. Runs before anything is drawn.
const KEPT = "pawl.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set();

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

let choice = kept();

function show() {
  const dark = choice === "dark" || (choice === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  watchers.forEach((tell) => tell());
}

export const chosen = () => choice;

export function choose(theme) {
  choice = theme;
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // it holds until the page is left
  }
  show();
}

/** Tells whenever colours changed, until the returned function is called. */
export function onTheme(tell) {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

system.addEventListener("change", show);
show();
