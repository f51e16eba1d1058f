// What every view has around it: the command palette, the list of shortcuts, theme and text size, the tour.
import { call, debounce, h } from "/page/dom.js";
import { FIXED, isSingle, keysOf, pressed, SHORTCUTS, singlesOn } from "/page/keys.js";
import { look, setLook, SIZES, THEMES } from "/page/looks.js";
import { drawWho } from "/page/who.js";
import { startTour, tourCommand } from "/page/tour.js";

const VIEWS = [["Cases", "/"], ["Decisions", "/decisions"], ["Library", "/library"], ["Import determinations", "/imports"], ["Insights", "/insights"], ["Audit", "/audit"], ["Settings", "/settings"]];
let commands = () => []; // what the view in front adds

// A view names what can be done in it: `[{label, keys?, run}]`, asked anew each time that the palette opens.
export function offer(list) {
  commands = list;
}

export function start(root, server) {
  const palette = new Palette(root, server);
  drawWho(root);
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) palette.open();
    if (event.target.closest("[data-shortcuts]")) showShortcuts(root);
  });
  document.addEventListener("keydown", (event) => {
    const id = pressed(event);
    if (id === "palette") {
      event.preventDefault();
      palette.open();
    } else if (id === "help" && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      showShortcuts(root);
    }
  });
  startTour(root, server);
}

class Palette {
  constructor(root, server) {
    this.root = root;
    this.server = server;
    this.turn = 0;
    this.field = h("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": "Find or do anything",
      placeholder: "A case, a guideline, a decision, or what to do", autocomplete: "off", spellcheck: "false", maxlength: 200,
    });
    this.list = h("ul", { id: "palette-list", role: "listbox", "aria-label": "What was found" });
    this.said = h("p", { class: "small", role: "status" });
    this.box = h("dialog", { class: "palette", "aria-label": "Find or do anything" }, this.field, this.list, this.said);
    root.querySelector(".desk").append(this.box);
    this.field.addEventListener("input", () => { this.draw(); this.seek(); });
    this.seek = debounce(() => this.look(), 160);
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("click", (event) => { if (event.target === this.box) this.box.close(); });
  }

  open() {
    this.field.value = "";
    this.found = [];
    if (!this.box.open) this.box.showModal();
    this.draw();
    this.field.focus();
  }

  all() {
    const go = (address) => () => location.assign(address);
    return [
      ...commands(),
      ...VIEWS.filter(([, to]) => document.querySelector(`.top a[href="${to}"]`) || to === "/imports").map(([label, to]) => ({ label: `Go to ${label}`, run: go(to) })),
      ...THEMES.map(([value, label]) => ({ label: `Theme: ${label}`, run: () => setLook({ theme: value }) })),
      ...SIZES.map((size) => ({ label: `Text size: ${size}%`, run: () => setLook({ size }) })),
      { label: "Show all shortcuts", keys: keysOf("help"), run: () => showShortcuts(this.root) },
      tourCommand(),
    ];
  }

  draw() {
    const words = this.field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const doable = this.all().filter((one) => words.every((word) => one.label.toLowerCase().includes(word)));
    const found = (this.found ?? []).map((one) => ({ label: one.label, detail: [one.kind, one.detail].filter(Boolean).join(" · "), run: () => location.assign(one.to) }));
    this.rows = [...doable.slice(0, words.length ? 6 : 12), ...found];
    this.at = 0;
    this.list.replaceChildren(...this.rows.map((row, at) => h("li", { role: "option", id: `palette-${at}`, "aria-selected": String(at === 0), onclick: () => this.run(at) },
      h("span", {}, row.label), row.detail ? h("span", { class: "small" }, row.detail) : null, row.keys ? h("kbd", {}, row.keys) : null)));
    this.said.textContent = this.rows.length ? "" : words.length ? "Nothing is called so; try another word." : "";
    this.mark();
  }

  mark() {
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.at)));
    const now = this.list.children[this.at];
    if (now) this.field.setAttribute("aria-activedescendant", now.id);
    else this.field.removeAttribute("aria-activedescendant");
    now?.scrollIntoView({ block: "nearest" });
  }

  async look() {
    const mine = ++this.turn;
    const words = this.field.value.trim();
    try {
      const found = words.length > 1 ? (await call(this.server, "find_anything", { words })).found : [];
      if (mine !== this.turn) return;
      const kept = this.at;
      this.found = found;
      this.draw();
      this.at = Math.min(kept, Math.max(0, this.rows.length - 1));
      this.mark();
    } catch (error) {
      if (mine === this.turn) this.said.textContent = error.message;
    }
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const count = this.rows.length || 1;
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.run(this.at);
    }
  }

  run(at) {
    const row = this.rows[at];
    if (!row) return;
    this.box.close();
    row.run();
  }
}

function showShortcuts(root) {
  const rows = SHORTCUTS.map((one) => [keysOf(one.id), one]).filter(([keys]) => keys);
  const off = singlesOn() ? null : h("p", { class: "notice" }, "Single letters are switched off; the settings switch them on.");
  const box = h("dialog", { class: "sheet shortcuts-sheet", "aria-label": "Shortcuts", onclose: () => box.remove() },
    h("div", { class: "sheet-head" }, h("h2", {}, "Shortcuts"), h("button", { class: "btn", type: "button", onclick: () => box.close() }, "Close")),
    h("div", { class: "sheet-body one" },
      off,
      h("dl", { class: "keys" }, rows.map(([keys, one]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, one.label, isSingle(keys) ? h("span", { class: "small" }, " while a pane has the focus") : null)]),
        FIXED.map(([keys, label]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, label)])),
      h("p", { class: "small" }, "Each can be changed or switched off in the ", h("a", { href: "/settings#shortcuts" }, "settings"), ".")));
  root.querySelector(".desk").append(box);
  box.showModal();
}

export { look };
