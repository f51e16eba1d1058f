// The rows of the list: one of them takes the focus, several can be selected. Single keys act only while the focus is here.
import { letterOf } from "/page/keys.js";
import { h, part } from "/page/dom.js";

export class CaseRows {
  constructor(root, table, remove, moved) {
    Object.assign(this, { root, table, remove, moved });
    this.picked = new Set();
    this.undo = null;
    this.bar = part(root, "chosen");
    table.addEventListener("keydown", (event) => this.key(event));
    table.addEventListener("change", (event) => this.ticked(event.target));
    table.addEventListener("focusin", (event) => this.entered(event.target.closest("tr[data-case]")));
    table.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-case]");
      if (row && !event.target.closest("a, button, input, label")) row.focus();
    });
  }

  get all() {
    return [...this.table.querySelectorAll("tr[data-case]")];
  }

  row(id) {
    return this.all.find((row) => row.dataset.case === id);
  }

  focus(id) {
    this.row(id)?.focus();
  }

  entered(row) {
    if (!row) return;
    for (const other of this.all) other.tabIndex = other === row ? 0 : -1;
    this.moved(row.dataset.case);
  }

  // Replaces the rows; the focus stays in the list when it was there, on the row `wanted` where that is still shown.
  keepFocus(replace, wanted) {
    const inside = this.table.contains(document.activeElement);
    replace();
    const shown = new Set(this.all.map((row) => row.dataset.case));
    this.picked = new Set([...this.picked].filter((id) => shown.has(id))); // what is not seen is not acted on
    const row = this.row(wanted);
    if (row) for (const other of this.all) other.tabIndex = other === row ? 0 : -1;
    if (inside) (row ?? this.all[0])?.focus();
    this.paint();
  }

  // The row that takes the focus when these are gone.
  after(ids) {
    const gone = new Set(ids);
    const order = this.all.map((row) => row.dataset.case);
    const last = Math.max(...ids.map((id) => order.indexOf(id)));
    return order.slice(last + 1).find((id) => !gone.has(id)) ?? order.slice(0, last + 1).reverse().find((id) => !gone.has(id)) ?? null;
  }

  forget(ids) {
    for (const id of ids) this.picked.delete(id);
  }

  ticked(box) {
    if (box.matches("[data-all]")) this.picked = new Set(box.checked ? this.all.map((row) => row.dataset.case) : []);
    else if (box.matches("[data-pick]")) this.pick(box.dataset.pick, box.checked);
    this.paint();
  }

  pick(id, on = !this.picked.has(id)) {
    if (on) this.picked.add(id);
    else this.picked.delete(id);
  }

  paint() {
    const rows = this.all;
    for (const row of rows) {
      const on = this.picked.has(row.dataset.case);
      row.classList.toggle("picked", on);
      row.querySelector("[data-pick]").checked = on;
    }
    const all = this.table.querySelector("[data-all]");
    if (all) {
      all.checked = rows.length > 0 && this.picked.size === rows.length;
      all.indeterminate = this.picked.size > 0 && !all.checked;
    }
    const many = this.picked.size;
    this.bar.hidden = !many;
    this.bar.replaceChildren(...(many ? [
      h("span", { role: "status" }, `${many} selected`),
      h("button", { class: "btn", type: "button", onclick: () => this.remove([...this.picked]) }, `Delete ${many === 1 ? "it" : `these ${many}`}`),
      h("button", { class: "quiet", type: "button", onclick: () => { this.picked.clear(); this.paint(); this.all[0]?.focus(); } }, "Select none")] : []));
  }

  key(event) {
    const row = event.target.closest("tr[data-case]");
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && this.undo) {
      event.preventDefault();
      this.undo();
      return;
    }
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.acts(letterOf(event) ?? event.key, row, event.target === row);
    if (!act) return;
    event.preventDefault();
    act();
  }

  // What a key does on a row; `plain`: the row itself has the focus, not a button in it.
  acts(key, row, plain) {
    const rows = this.all;
    const to = (place) => () => rows[Math.min(rows.length - 1, Math.max(0, place))]?.focus();
    const at = rows.indexOf(row);
    const id = row.dataset.case;
    const pick = () => { this.pick(id); this.paint(); };
    const known = {
      next: to(at + 1), ArrowDown: to(at + 1), previous: to(at - 1), ArrowUp: to(at - 1), Home: to(0), End: to(rows.length - 1),
      pick, Delete: () => this.remove(this.picked.has(id) ? [...this.picked] : [id]),
    };
    const plainly = { Enter: () => row.querySelector("a").click(), " ": pick };
    return known[key] ?? (plain ? plainly[key] : undefined);
  }
}
