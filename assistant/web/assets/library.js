// The library: editions on the left, the text of one on the right; the address names it.
import { call, h, part, place } from "/page/dom.js";
import { startGuidelineImport } from "/page/guideline_import.js";

export function start(root, server) {
  const list = part(root, "list");
  const text = part(root, "text");
  const words = part(root, "words");

  words.addEventListener("input", () => {
    const sought = words.value.trim().toLowerCase();
    for (const item of list.querySelectorAll("li")) item.hidden = !item.textContent.toLowerCase().includes(sought);
    for (const family of list.querySelectorAll(".family")) family.hidden = !family.querySelector("li:not([hidden])");
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-guideline]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    history.pushState(null, "", link.getAttribute("href"));
    read();
  });
  addEventListener("popstate", read);

  async function read() {
    const query = new URLSearchParams(location.search);
    const named = { guideline: query.get("guideline") ?? "", passage: query.get("passage") ?? "" };
    const open = Boolean(named.guideline || named.passage);
    part(root, "split").classList.toggle("opened", open);
    if (!open) {
      text.replaceChildren(h("p", { class: "none-yet" }, "A guideline that you open is shown here."));
      return;
    }
    try {
      const answer = await call(server, "read_guideline", named);
      place(text, answer.html);
      for (const link of list.querySelectorAll("[data-guideline]")) {
        link.toggleAttribute("aria-current", link.dataset.guideline === answer.label);
      }
      text.prepend(h("button", { class: "quiet close", type: "button", onclick: back }, "Back to the list"));
      const lit = text.querySelector("[data-lit]");
      if (lit) lit.scrollIntoView({ block: "start" });
      else text.scrollTop = 0;
    } catch (error) {
      text.replaceChildren(h("p", { class: "notice error" }, error.message));
    }
  }

  function back() {
    history.pushState(null, "", "/library");
    read();
  }

  async function listAll() {
    try {
      place(list, (await call(server, "list_guidelines")).html);
    } catch (error) {
      list.replaceChildren(h("p", { class: "notice error" }, error.message));
    }
    await read();
  }

  startGuidelineImport(root, (label) => {
    history.pushState(null, "", `/library?guideline=${encodeURIComponent(label)}`);
    listAll();
  });
  listAll();
}
