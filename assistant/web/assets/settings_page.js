// The settings of the page itself, kept in this browser: theme, text size, the date field, every shortcut.
import { h } from "/page/dom.js";
import { look, setLook, SIZES, THEMES } from "/page/looks.js";
import { chord, forgetKeys, isSingle, keepKeys, keysOf, SHORTCUTS, singlesOn } from "/page/keys.js";

const DAYS = [["empty", "empty: the date that a letter states, else today"], ["today", "today"]];

export function drawLooks(box) {
  const now = look();
  box.replaceChildren(
    choice("Theme", "theme", THEMES, now.theme),
    choice("Text size", "size", SIZES.map((size) => [size, `${size}%`]), now.size),
    choice("Date of review of a new case", "day", DAYS, now.day ?? "empty"));
}

function choice(title, name, values, chosen) {
  return h("fieldset", {}, h("legend", {}, title), h("div", { class: "ticks" }, values.map(([value, label]) => h("label", { class: "tick" },
    h("input", { type: "radio", name, value, checked: String(value) === String(chosen), onchange: () => setLook({ [name]: value }) }), h("span", {}, label)))));
}

export function drawShortcuts(box) {
  const said = h("p", { class: "small", role: "status" });
  const singles = h("label", { class: "tick" }, h("input", { type: "checkbox", checked: singlesOn(), onchange: (event) => { keepKeys({ singles: event.target.checked }); } }), h("span", {}, "Single letters are on"));
  const rows = SHORTCUTS.map((one) => h("tr", {}, h("td", {}, one.label), h("td", {}, field(one, said))));
  const reset = h("button", { class: "btn", type: "button", onclick: () => { forgetKeys(); drawShortcuts(box); } }, "Back to the usual keys");
  box.replaceChildren(singles, h("table", { class: "rows shortcuts" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Act"), h("th", { scope: "col" }, "Keys"))), h("tbody", {}, rows)), said, reset);
}

function field(one, said) {
  const keys = h("input", { type: "text", readonly: true, value: keysOf(one.id) || "off", "aria-label": `Keys for: ${one.label}`, class: "keys-field" });
  keys.addEventListener("keydown", (event) => {
    if (["Tab", "Shift", "Control", "Alt", "Meta", "Escape", "Enter"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const wanted = event.key === "Backspace" || event.key === "Delete" ? "" : chord(event);
    const other = wanted && SHORTCUTS.find((each) => each.id !== one.id && keysOf(each.id) === wanted);
    const single = wanted && isSingle(wanted) && !one.single;
    if (other) said.textContent = `${wanted} is taken by: ${other.label}.`;
    else if (single || /^[0-9]$/.test(wanted)) said.textContent = `${wanted} alone cannot be used here; hold Ctrl or Alt with it.`;
    else {
      keepKeys({ [one.id]: wanted });
      keys.value = wanted || "off";
      said.textContent = wanted ? `${one.label}: ${wanted}.` : `${one.label}: switched off.`;
    }
  });
  return keys;
}
