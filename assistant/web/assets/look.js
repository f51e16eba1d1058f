// Theme and text size, set before anything is drawn; kept in this browser, for they say nothing of a case.
(() => {
  let look = {};
  try { look = JSON.parse(localStorage.getItem("imr-look") ?? "{}"); } catch { look = {}; }
  const root = document.documentElement;
  if (look.theme === "light" || look.theme === "dark") root.dataset.theme = look.theme;
  if (look.size) root.style.setProperty("--zoom", String(look.size / 100));
})();
