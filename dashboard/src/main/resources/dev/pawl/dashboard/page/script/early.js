// Before the first paint, so that nothing flashes: light or dark, as it was chosen or as the system has it. See theme.js.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("pawl.theme");
  } catch {
    // storage may be forbidden
  }
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
