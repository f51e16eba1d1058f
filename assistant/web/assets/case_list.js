// The list of cases: narrowed, ordered and paged by the server; what narrows it lives in the history's state, never in
// the address, for words may tell of a person.
import { call, debounce, h, part, place, say } from "/page/dom.js";
import { CaseRows } from "/page/case_rows.js";
import { Receipt } from "/page/case_receipt.js";

const START = { words: "", state: "", kind: "", changed_from: "", changed_to: "", sort: "updated", offset: 0 };
const NARROWS = ["words", "state", "kind", "changed_from", "changed_to"];
const STATES = [["", "All"], ["new", "Not drafted"], ["drafting", "In draft"], ["decided", "Decided"], ["exported", "Exported"]];

export function startList(root, server) {
  const table = part(root, "table");
  const pages = part(root, "pages");
  const count = part(root, "count");
  const fields = Object.fromEntries(["words", "kind", "changed_from", "changed_to", "sort"].map((name) => [name, part(root, name)]));
  let state = { ...START, ...history.state?.cases };
  let asked = 0;
  const rows = new CaseRows(root, table, remove, (id) => remember({ row: id }));
  const receipt = new Receipt(root, server, list);

  async function list() {
    const mine = ++asked;
    table.classList.add("waiting");
    try {
      const { row, ...query } = state;
      const found = await call(server, "list_cases", query);
      if (mine !== asked) return; // a later question was asked meanwhile
      rows.keepFocus(() => place(table, found.html), row);
      if (found.offset !== state.offset) remember({ offset: found.offset });
      tell(found);
    } catch (error) {
      if (mine !== asked) return;
      table.replaceChildren(h("div", { class: "notice error" },
        h("p", {}, `The cases could not be listed; they are safe. ${error.message}`),
        h("p", {}, h("button", { class: "quiet", type: "button", onclick: list }, "Try again"))));
    }
    table.classList.remove("waiting");
  }

  function tell(found) {
    const narrowed = NARROWS.some((name) => state[name]);
    count.textContent = narrowed ? `${found.total.toLocaleString("en")} of ${found.kept.toLocaleString("en")} fit` : found.kept ? found.kept.toLocaleString("en") : "";
    part(root, "narrow").hidden = !found.kept && !narrowed;
    part(root, "keys").hidden = !found.total;
    part(root, "everything").hidden = !narrowed;
    const all = Object.values(found.states).reduce((sum, n) => sum + n, 0);
    part(root, "states").replaceChildren(...STATES.map(([value, name]) =>
      h("button", { type: "button", "data-state": value, "aria-pressed": String(state.state === value) },
        `${name} `, h("span", { class: "n" }, (value ? found.states[value] ?? 0 : all).toLocaleString("en")))));
    kinds(found.kinds);
    paged(found);
  }

  function kinds(counted) {
    const options = counted.map(({ kind, label, count: n }) => h("option", { value: kind }, `${label} (${n.toLocaleString("en")})`));
    if (state.kind && !counted.some(({ kind }) => kind === state.kind)) options.push(h("option", { value: state.kind }, `${state.kind} (0)`));
    fields.kind.replaceChildren(h("option", { value: "" }, "any"), ...options);
    fields.kind.value = state.kind;
  }

  function paged({ offset, page, total }) {
    pages.hidden = total <= page;
    const last = Math.min(offset + page, total);
    const step = (words, to, off) => h("button", { class: "btn", type: "button", disabled: off, onclick: () => go({ offset: to }) }, words);
    pages.replaceChildren(
      step("Earlier", offset - page, offset === 0),
      h("span", { class: "small" }, `${(offset + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${total.toLocaleString("en")}`),
      step("Next", offset + page, last >= total));
  }

  function remember(changes) {
    state = { ...state, ...changes };
    history.replaceState({ ...history.state, cases: state }, "", location.href);
  }

  function go(changes) {
    remember({ offset: 0, row: null, ...changes });
    return list();
  }

  function fill() {
    for (const name of Object.keys(fields)) if (name !== "kind") fields[name].value = state[name];
  }

  async function remove(ids) {
    const next = rows.after(ids);
    try {
      await call(server, "delete_cases", { cases: ids });
      remember({ row: next });
      rows.forget(ids);
      rows.undo = () => restore(ids);
      await list();
      say(root, ids.length === 1 ? "The case was deleted." : `${ids.length} cases were deleted.`, {
        label: ids.length === 1 ? "Bring it back" : "Bring them back", act: () => rows.undo?.(),
      });
    } catch (error) {
      say(root, error.message);
    }
  }

  async function restore(ids) {
    rows.undo = null;
    try {
      await call(server, "restore_cases", { cases: ids });
      remember({ row: ids[0] });
      await list();
      say(root, ids.length === 1 ? "The case is back." : `${ids.length} cases are back.`);
      rows.focus(ids[0]);
    } catch (error) {
      say(root, error.message);
    }
  }

  const typed = debounce(() => go({ words: fields.words.value }), 200);
  fields.words.addEventListener("input", typed);
  for (const name of ["kind", "changed_from", "changed_to", "sort"]) {
    fields[name].addEventListener("change", () => go({ [name]: fields[name].value }));
  }
  part(root, "states").addEventListener("click", async (event) => {
    const pressed = event.target.closest("[data-state]");
    if (!pressed) return;
    await go({ state: pressed.dataset.state });
    part(root, "states").querySelector(`[data-state="${pressed.dataset.state}"]`)?.focus();
  });
  part(root, "everything").addEventListener("click", () => {
    go({ ...START, sort: state.sort });
    fill();
    fields.words.focus();
  });
  table.addEventListener("click", (event) => {
    const { sort, delete: gone, due } = event.target.closest("[data-sort], [data-delete], [data-due]")?.dataset ?? {};
    if (sort) {
      fields.sort.value = sort;
      go({ sort }).then(() => table.querySelector(`[data-sort="${sort}"]`)?.focus());
    } else if (gone) remove([gone]);
    else if (due) receipt.open(event.target.closest("[data-due]"));
  });
  addEventListener("popstate", (event) => {
    state = { ...START, ...event.state?.cases };
    fill();
    list();
  });
  fill();
  list();
}
