// Theme and text size: read, changed, and told to whatever draws by them (event `imr-look` on window).
const STORE = "imr-look";
export const THEMES = [["auto", "as the system"], ["light", "light"], ["dark", "dark"]];
export const SIZES = [90, 100, 115, 130, 150];

export function look() {
  try { return { theme: "auto", size: 100, ...JSON.parse(localStorage.getItem(STORE) ?? "{}") }; } catch { return { theme: "auto", size: 100 }; }
}

export function setLook(changes) {
  const now = { ...look(), ...changes };
  localStorage.setItem(STORE, JSON.stringify(now));
  const root = document.documentElement;
  if (now.theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = now.theme;
  root.style.setProperty("--zoom", String(now.size / 100));
  dispatchEvent(new CustomEvent("imr-look", { detail: now }));
}
