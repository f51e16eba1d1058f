// Past decisions: the address holds what is searched and read, so that it survives a reload and can be linked to.
import { call, h, part, place, show } from "/page/dom.js";

export function start(root, server) {
  const form = part(root, "form");
  const words = part(root, "words");
  const found = part(root, "found");
  const letter = part(root, "letter");
  const failed = part(root, "error");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ q: words.value.trim(), outcome: chosen(), id: "" });
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "outcome" && words.value.trim()) go({ q: words.value.trim(), outcome: chosen() });
  });
  found.addEventListener("click", (event) => {
    const link = event.target.closest("[data-decision]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go({ id: link.dataset.decision });
  });
  addEventListener("popstate", () => fromAddress());

  function chosen() {
    return form.querySelector("input[name=outcome]:checked").value;
  }

  function go(changes) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
    history.pushState(null, "", `/decisions?${query}`);
    fromAddress();
  }

  let searched = null;

  async function fromAddress() {
    const query = new URLSearchParams(location.search);
    const q = query.get("q") ?? "";
    const outcome = query.get("outcome") ?? "";
    if (q) { // what was typed before the script came stays
      words.value = q;
      for (const choice of form.querySelectorAll("input[name=outcome]")) choice.checked = choice.value === outcome;
    }
    try {
      show(failed, "");
      if (q && searched !== `${outcome} ${q}`) {
        found.classList.add("waiting");
        const answer = await call(server, "find_decisions", { words: q, outcome: outcome || null });
        place(found, answer.html);
        searched = `${outcome} ${q}`;
      }
      await read(query.get("id") ?? "");
    } catch (error) {
      show(failed, error.message);
    } finally {
      found.classList.remove("waiting");
    }
  }

  async function read(id) {
    for (const link of found.querySelectorAll("[data-decision]")) {
      link.closest("article").classList.toggle("open", link.dataset.decision === id);
    }
    part(root, "split").classList.toggle("opened", Boolean(id));
    if (!id) {
      letter.replaceChildren(h("p", { class: "none-yet" }, "A decision that you open is shown here in its letter."));
      return;
    }
    const answer = await call(server, "read_decision", { decision: id });
    place(letter, answer.html);
    letter.prepend(h("button", { class: "quiet close", type: "button", onclick: () => go({ id: "" }) }, "Back to the results"));
    letter.querySelector("[data-lit]")?.scrollIntoView({ block: "nearest" });
  }

  fromAddress();
}
