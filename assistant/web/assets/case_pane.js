// The left pane: the case summary as it was given, its facts underlined by kind.
import { h } from "/page/dom.js";

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

export function drawCase(view, pane) {
  const pieces = view.case.pieces;
  const shown = GROUPS.filter((group) => pieces.some((piece) => piece.g?.startsWith(group)));
  const dashed = pieces.some((piece) => piece.g?.endsWith("-not"));
  const legend = shown.length
    ? h("p", { class: "legend" },
        shown.map((group) => h("span", {}, h("i", { class: `f-${group}` }), group)),
        dashed ? h("span", {}, h("i", { class: "not" }), "dashed: denied, planned or unclear") : null)
    : null;
  pane.replaceChildren(
    h("div", { class: "pane-head" },
      h("h2", {}, "Case summary"),
      h("button", { class: "quiet drawer-close", type: "button", onclick: () => pane.classList.remove("open") }, "Close")),
    ...(legend ? [legend] : []),
    h("div", { class: "case-text", lang: "en" }, textOf(pieces)),
  );
}
