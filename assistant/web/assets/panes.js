// The panes of the case view: dividers that can be dragged or moved by keys, panes that fold to a narrow strip.
import { h } from "/page/dom.js";

const STORE = "imr-panes";
const LEAST = 12; // percent of the width that an open pane keeps
const STEP = 3;
const NAMES = { case: "Case summary", evidence: "Evidence", draft: "Draft", chat: "Chat" };
const START = { sizes: { case: 27, evidence: 38, draft: 35, chat: 28 }, folded: [], chat: "below" };

export class Panes {
  constructor(box, changed) {
    this.box = box;
    this.changed = changed;
    this.state = { ...START, ...this.kept() };
    this.panes = Object.fromEntries([...box.querySelectorAll("[data-pane]")].map((pane) => [pane.dataset.pane, pane]));
    for (const name of Object.keys(this.panes)) this.strip(name);
    this.draw();
    addEventListener("resize", () => this.draw());
  }

  kept() {
    try {
      const read = JSON.parse(localStorage.getItem(STORE) ?? "{}");
      return { ...read, sizes: { ...START.sizes, ...read.sizes }, folded: read.folded ?? [] };
    } catch {
      return {};
    }
  }

  keep() {
    localStorage.setItem(STORE, JSON.stringify(this.state));
    this.draw();
    this.changed();
  }

  get chatBeside() {
    return this.state.chat === "beside" && !matchMedia("(max-width: 1100px)").matches;
  }

  setChat(where) {
    this.state.chat = where;
    this.state.folded = this.state.folded.filter((name) => name !== "chat");
    this.keep();
  }

  isFolded(name) {
    return this.state.folded.includes(name) && matchMedia("(min-width: 1101px)").matches;
  }

  fold(name, folded = !this.isFolded(name)) {
    const open = this.shown().filter((one) => !this.isFolded(one) && one !== name);
    if (folded && !open.length) return; // one stays open
    this.state.folded = folded ? [...this.state.folded, name] : this.state.folded.filter((one) => one !== name);
    this.keep();
    (folded ? this.box.querySelector(`[data-unfold="${name}"]`) : this.panes[name])?.focus();
  }

  shown() {
    return Object.keys(this.panes).filter((name) => name !== "chat" || this.chatBeside);
  }

  // The narrow strip that stands for a folded pane.
  strip(name) {
    const strip = h("div", { class: "strip", "data-strip": name, hidden: true },
      h("button", { type: "button", "data-unfold": name, onclick: () => this.fold(name, false) }, NAMES[name]));
    this.panes[name].after(strip);
  }

  draw() {
    for (const divider of this.box.querySelectorAll(".pane-divider")) divider.remove();
    this.panes.chat.hidden = !this.chatBeside;
    const shown = this.shown();
    const columns = [];
    shown.forEach((name, at) => {
      const folded = this.isFolded(name);
      this.panes[name].hidden = folded;
      this.box.querySelector(`[data-strip="${name}"]`).hidden = !folded;
      if (at) {
        const before = shown[at - 1];
        const divider = this.divider(before, name);
        this.box.querySelector(`[data-strip="${before}"]`).after(divider);
        columns.push("9px");
      }
      columns.push(folded ? "34px" : `minmax(0, ${this.state.sizes[name]}fr)`);
    });
    if (!this.chatBeside) this.box.querySelector('[data-strip="chat"]').hidden = true;
    this.box.style.setProperty("--columns", columns.join(" "));
  }

  divider(before, after) {
    const still = this.isFolded(before) || this.isFolded(after);
    const share = Math.round((100 * this.state.sizes[before]) / (this.state.sizes[before] + this.state.sizes[after]));
    const divider = h("div", {
      class: "pane-divider", role: "separator", tabindex: still ? null : 0, "aria-orientation": "vertical", "aria-valuemin": LEAST, "aria-valuemax": 100 - LEAST, "aria-valuenow": share,
      "aria-label": `Between ${NAMES[before]} and ${NAMES[after]}`, "data-between": `${before} ${after}`, title: "Drag, or use the arrow keys; Enter folds, double-click resets",
    });
    if (still) return divider;
    divider.addEventListener("pointerdown", (event) => this.drag(event, before, after, divider));
    divider.addEventListener("dblclick", () => { this.state.sizes = { ...START.sizes }; this.keep(); });
    divider.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -100, End: 100 }[event.key];
      if (step) this.move(before, after, share + step);
      else if (event.key === "Enter") this.fold(before);
      else return;
      event.preventDefault();
      this.box.querySelector(`[data-between="${before} ${after}"]`)?.focus();
    });
    return divider;
  }

  // Give `before` so many percent of what the two have together.
  move(before, after, share) {
    const both = this.state.sizes[before] + this.state.sizes[after];
    const part = Math.min(100 - LEAST, Math.max(LEAST, share)) / 100;
    this.state.sizes = { ...this.state.sizes, [before]: both * part, [after]: both * (1 - part) };
    this.keep();
  }

  drag(event, before, after, divider) {
    event.preventDefault();
    const left = this.panes[before].getBoundingClientRect().left;
    const right = this.panes[after].getBoundingClientRect().right;
    const go = (move) => this.move(before, after, (100 * (move.clientX - left)) / (right - left));
    const end = () => {
      removeEventListener("pointermove", go);
      removeEventListener("pointerup", end);
      this.box.classList.remove("dragging");
    };
    this.box.classList.add("dragging");
    addEventListener("pointermove", go);
    addEventListener("pointerup", end);
    divider.focus();
  }
}

export function foldButton(view, name) {
  return h("button", { class: "quiet fold", type: "button", title: `Fold this pane`, "aria-label": `Fold the pane ${NAMES[name]}`, onclick: () => view.layout.fold(name, true) }, "Fold");
}
