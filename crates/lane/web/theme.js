// Light or dark: what the system says, unless somebody chose otherwise on this
// terminal. Runs before the page is painted, so that nothing flashes.
"use strict";
(() => {
  const key = "rowcall-theme";
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const apply = (theme) => { if (theme === "light" || theme === "dark") root.dataset.theme = theme; };
  apply(read());
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = isDark ? "light" : "dark";
    apply(theme);
    try { localStorage.setItem(key, theme); } catch { /* A terminal that keeps nothing. */ }
  });
})();
