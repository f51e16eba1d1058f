// The left pane: the case summary as it was given, its facts underlined by kind; the legend filters them.
import { h } from "/page/dom.js";
import { foldButton } from "/page/panes.js";

const GROUPS = ["diagnosis", "treatment", "complaint", "examination", "request"];

export function textOf(pieces) {
  return pieces.map((piece) => {
    const attributes = { "data-s": piece.s, "data-e": piece.e };
    if (!piece.g) return h("span", attributes, piece.t);
    const not = piece.g.endsWith("-not");
    const group = not ? piece.g.slice(0, -4) : piece.g;
    return h("span", { ...attributes, class: `fact f-${group}${not ? " not" : ""}`, title: piece.title }, piece.t);
  });
}

// The legend is a filter as well: a kind that is switched off is not underlined.
const hidden = new Set();

export function drawCase(view, pane) {
  const pieces = view.case.pieces;
  const shown = GROUPS.filter((group) => pieces.some((piece) => piece.g?.startsWith(group)));
  const dashed = pieces.some((piece) => piece.g?.endsWith("-not"));
  const text = h("div", { class: "case-text", lang: "en" }, textOf(pieces));
  const filter = (name, icon, label) => h("button", { class: "key", type: "button", "aria-pressed": String(!hidden.has(name)), title: `Show or hide: ${label}`, onclick: (event) => {
    if (!hidden.delete(name)) hidden.add(name);
    event.currentTarget.setAttribute("aria-pressed", String(!hidden.has(name)));
    paint(text);
  } }, h("i", { class: icon }), label);
  const legend = shown.length
    ? h("div", { class: "legend", role: "group", "aria-label": "Kinds of facts shown" },
        shown.map((group) => filter(group, `f-${group}`, group)),
        dashed ? filter("not", "not", "denied, planned or unclear") : null)
    : null;
  paint(text);
  pane.replaceChildren(
    h("div", { class: "pane-head" },
      h("h2", {}, "Case summary"),
      foldButton(view, "case"),
      h("button", { class: "quiet drawer-close", type: "button", onclick: () => pane.classList.remove("open") }, "Close")),
    ...(legend ? [legend] : []),
    text,
  );
}

function paint(text) {
  for (const name of [...GROUPS, "not"]) text.classList.toggle(`hide-${name}`, hidden.has(name));
}
