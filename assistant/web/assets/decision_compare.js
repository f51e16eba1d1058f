// Two decisions chosen by "Compare", and the view of both side by side.
import { call, h, part, place } from "/page/dom.js";

export function comparing(view) {
  const tray = part(view.root, "tray");
  const box = part(view.root, "comparison");
  const names = new Map();
  let shown = "";

  view.root.addEventListener("change", (event) => {
    const id = event.target.dataset?.compare;
    if (id) pick(id);
  });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) close();
    const link = event.target.closest("[data-open]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    view.go({ pair: [], id: link.dataset.open, page: 0 });
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  function close() {
    const [first] = view.state.pair;
    view.go({ pair: [] }, { restore: true }).then(() => {
      const link = [...view.found.querySelectorAll("[data-decision]")].find((one) => one.dataset.decision === first);
      (link ?? part(view.root, "results")).focus({ preventScroll: true });
    });
  }

  // A third takes the place of the one chosen first; by the keyboard the second opens the comparison.
  function pick(id, { compare = false } = {}) {
    const { picked } = view.state;
    const now = picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id].slice(-2);
    if (compare && now.length === 2) view.go({ picked: now, pair: now });
    else view.go({ picked: now }, { instead: true });
    paint();
  }

  function named(id, name) {
    names.set(id, name);
  }

  function mark() {
    for (const tick of view.root.querySelectorAll("[data-compare]")) tick.checked = view.state.picked.includes(tick.dataset.compare);
  }

  async function paint() {
    mark();
    for (const link of view.found.querySelectorAll("[data-decision]")) names.set(link.dataset.decision, link.textContent);
    const { picked } = view.state;
    tray.hidden = !picked.length;
    const unknown = picked.filter((id) => !names.has(id));
    if (unknown.length) {
      const answer = await call(view.server, "name_decisions", { decisions: unknown });
      for (const id of unknown) names.set(id, answer.names[id] ?? id);
      if (picked !== view.state.picked) return;
    }
    const chosen = picked.map((id) => h("li", {}, h("bdi", {}, names.get(id)), h("button", { class: "forget", type: "button", "aria-label": `Do not compare ${names.get(id)}`, onclick: () => pick(id) }, "×")));
    tray.replaceChildren(
      h("ul", {}, chosen),
      picked.length === 2
        ? h("button", { class: "btn primary", type: "button", onclick: () => view.go({ pair: picked }) }, "Compare side by side")
        : h("p", { class: "small", role: "status" }, "Choose one more to compare with."));
  }

  // Shows the comparison where two are asked for; says whether it does.
  async function follow() {
    const { pair } = view.state;
    const on = pair.length === 2;
    view.split.hidden = on;
    box.hidden = !on;
    if (!on) {
      shown = "";
      paint();
      return false;
    }
    const wanted = pair.join(" ");
    if (wanted === shown) return true;
    box.replaceChildren(h("p", { class: "none-yet", role: "status" }, "Reading both case summaries"));
    try {
      const answer = await call(view.server, "compare_decisions", { first: pair[0], second: pair[1] });
      if (view.state.pair !== pair) return true;
      place(box, answer.html);
      shown = wanted;
      scrollTo(0, 0);
      box.scrollTop = 0;
      part(box, "title").focus({ preventScroll: true });
    } catch (error) {
      box.replaceChildren(h("p", { class: "notice error", role: "alert" }, error.message), h("button", { class: "btn", type: "button", "data-close": true }, "Back to the results"));
    }
    return true;
  }

  return { follow, mark, named, paint, pick };
}
