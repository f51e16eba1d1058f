// Searches kept by name, in the filters of the decisions.
import { call, h, part } from "/page/dom.js";

export function savedSearches(view, run) {
  const box = part(view.root, "saved");
  let kept = [];

  function paint(message = "") {
    const { words, choices } = view.state;
    const something = words || Object.keys(choices).length;
    const list = kept.map((one) => h("li", {},
      h("button", { class: "quiet", type: "button", onclick: () => run(one) }, one.name),
      h("button", { class: "forget", type: "button", "aria-label": `Delete the saved search ${one.name}`, onclick: () => keep("delete_search", { name: one.name }) }, "×")));
    const name = h("input", { type: "search", "aria-label": "Name of the saved search", placeholder: "Name", maxlength: 80, autocomplete: "off" });
    const save = h("form", { class: "save", onsubmit: (event) => {
      event.preventDefault();
      keep("save_search", { name: name.value.trim(), words: view.state.words, choices: view.state.choices });
    } }, name, h("button", { class: "btn", type: "submit" }, "Save"));
    box.replaceChildren(...[
      h("h2", {}, "Saved searches"),
      list.length ? h("ul", {}, list) : null,
      something ? h("details", {}, h("summary", { class: "quiet" }, "Save this search"), save) : null,
      !list.length && !something ? h("p", { class: "small" }, "None yet. Search, then save the search here.") : null,
      message ? h("p", { class: "notice error", role: "alert" }, message) : null].filter(Boolean));
  }

  async function keep(act, values) {
    try {
      kept = (await call(view.server, act, values)).searches;
      paint();
    } catch (error) {
      paint(error.message);
    }
  }

  return { paint, load: () => keep("saved_searches", {}) };
}
