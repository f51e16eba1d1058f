// The letter of the decision that is open: its text with the decision lit, or the pages of its PDF as images.
import { call, h, part, place } from "/page/dom.js";

export function letterPane(view, pair) {
  const pane = part(view.root, "letter");
  let shown = ""; // the decision and the words for which the letter stands there
  let pages = null; // of that letter, as the server told them
  let came = null; // the result from which the letter was opened

  function close() {
    view.go({ id: "", page: 0 }, { restore: true }).then(() => came?.isConnected && came.focus());
  }

  async function follow(current) {
    const { id } = view.state;
    for (const link of view.found.querySelectorAll("[data-decision]")) {
      const open = link.dataset.decision === id;
      link.closest("article").classList.toggle("open", open);
      if (open) { link.setAttribute("aria-current", "true"); came = link; } else link.removeAttribute("aria-current");
    }
    view.split.classList.toggle("opened", Boolean(id));
    if (!id) {
      shown = "";
      pane.replaceChildren(h("p", { class: "none-yet" }, "A decision that you open is shown here in its letter."));
      return;
    }
    const wanted = JSON.stringify([id, view.sought]);
    if (wanted !== shown) await read(id, wanted, current);
    if (current()) paint(id);
  }

  async function read(id, wanted, current) {
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await call(view.server, "read_decision", { decision: id, words: view.sought });
      if (!current()) return;
      place(pane, answer.html);
      pair.named(id, answer.name);
      pane.prepend(tools(id));
      pages = null;
      shown = wanted;
      pair.mark();
    } catch (error) {
      shown = "";
      pane.replaceChildren(tools(""), h("p", { class: "notice error", role: "alert" }, error.message));
      return;
    } finally {
      pane.removeAttribute("aria-busy");
    }
    const lit = pane.querySelector("[data-lit]");
    pane.scrollTop = 0;
    lit?.scrollIntoView({ block: "start" });
    if (view.narrow()) lit?.focus({ preventScroll: true });
    askForPages(id);
  }

  function tools(id) {
    const close_ = h("button", { class: "quiet close", type: "button", onclick: close }, "Back to the results");
    if (!id) return h("div", { class: "letter-acts" }, close_);
    const tick = h("label", { class: "tick" }, h("input", { type: "checkbox", "data-compare": id }), "Compare", h("span", { class: "unseen" }, " this decision"));
    return h("div", { class: "letter-acts" }, close_, tick, h("button", { class: "quiet", type: "button", "data-like": id }, "More like this"), h("span", { class: "shown-as", "data-part": "shown-as" }));
  }

  async function askForPages(id) {
    if (pane.querySelector("h1 .illustrative")) return; // no letter stands behind it, and its head says so
    try {
      const told = await call(view.server, "original_pages", { decision: id });
      if (view.state.id !== id) return;
      pages = told;
      paint(id);
    } catch (error) {
      part(pane, "original")?.replaceChildren(h("p", { class: "small" }, error.message));
    }
  }

  // Text or page: which is shown is part of the address.
  function paint(id) {
    const box = part(pane, "original");
    const text = part(pane, "text");
    if (!box || !text || !pages) return;
    if (!pages.pages) {
      box.replaceChildren(h("p", { class: "small" }, pages.reason));
      text.hidden = false;
      return;
    }
    const page = Math.min(view.state.page, pages.pages);
    const focused = document.activeElement?.dataset?.step;
    const first = pages.begins ?? 1;
    const choice = h("div", { class: "seg", role: "group", "aria-label": "How the letter is shown" },
      h("button", { type: "button", "aria-pressed": String(!page), onclick: () => view.go({ page: 0 }) }, "Text"),
      h("button", { type: "button", "aria-pressed": String(Boolean(page)), onclick: () => { if (!view.state.page) view.go({ page: first }); } }, "Original page"));
    pane.querySelector("[data-part=shown-as]")?.replaceChildren(choice);
    box.replaceChildren(...(page ? sheet(id, page) : []));
    text.hidden = Boolean(page);
    if (focused) (box.querySelector(`[data-step="${focused}"]:not(:disabled)`) ?? box.querySelector("[data-step]:not(:disabled)"))?.focus({ preventScroll: true });
    if (page && view.narrow()) box.scrollIntoView({ block: "start" });
    else if (page) pane.scrollTop = Math.min(pane.scrollTop, Math.max(0, box.offsetTop - 60));
  }

  function sheet(id, page) {
    const turnTo = (number) => view.go({ page: number }, { instead: true });
    const step = (label, by) => h("button", { class: "btn", type: "button", "data-step": by, disabled: page + by < 1 || page + by > pages.pages, onclick: () => turnTo(page + by) }, label);
    const begins = !pages.begins ? "On which page the rationale begins was not found by its words."
      : pages.begins === page ? "The rationale of this decision begins on this page." : h("button", { class: "quiet", type: "button", onclick: () => turnTo(pages.begins) }, `The rationale begins on page ${pages.begins}`);
    const image = h("img", { src: `/decisions/${encodeURIComponent(id)}/page/${page}.png`, alt: `Page ${page} of ${pages.pages} of the letter as it was imported. Its words are under “Text”.`, width: 1240, height: 1605 });
    image.addEventListener("error", () => image.replaceWith(h("p", { class: "notice error", role: "alert" }, "This page cannot be drawn now; the text of the letter is kept.")));
    return [
      h("div", { class: "turn" }, step("Previous", -1), h("span", { role: "status" }, `Original page ${page} of ${pages.pages}`), step("Next", 1)),
      h("p", { class: "small" }, begins),
      h("figure", { class: "sheet" }, image)];
  }

  return { follow };
}
