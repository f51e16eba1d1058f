// Under the chat: find in all chats, keep this one as a file, delete it for good.
import { asking, debounce, h, moment } from "/page/dom.js";

const MOST_FOUND = 20;

export function chatTools(view, emptied) {
  const found = h("ul", { class: "found" });
  const search = h("input", { type: "search", placeholder: "Words said in any chat", "aria-label": "Words said in any chat", autocomplete: "off", spellcheck: "false" });
  const failed = h("p", { class: "notice error", role: "alert", hidden: true });
  const sought = h("div", { class: "seek", hidden: true }, search, found);
  const sure = h("p", { class: "small sure", role: "alertdialog", "aria-label": "Delete this chat", hidden: true });
  const kept = h("span", {});

  const tried = async (act) => {
    failed.hidden = true;
    try {
      await act();
    } catch (error) {
      failed.textContent = error.message;
      failed.hidden = false;
    }
  };
  const asked = asking();
  const look = () => tried(async () => {
    const newest = asked();
    const words = search.value.trim();
    const hits = words ? (await view.ask("find_chats", { words })).found : [];
    if (!newest()) return;
    const rows = hits.slice(0, MOST_FOUND).map((hit) => h("li", {}, h("a", { href: `/case?id=${encodeURIComponent(hit.case)}` }, hit.title || "Case"), " ", h("span", { class: "small" }, [hit.role === "reviewer" ? "you" : "answer", hit.at ? moment(hit.at) : "", hit.superseded ? "put aside" : ""].filter(Boolean).join(", ")), h("span", { class: "words" }, hit.snippet)));
    if (words && !hits.length) rows.push(h("li", { class: "small" }, "No chat has these words."));
    if (hits.length > MOST_FOUND) rows.push(h("li", { class: "small" }, `${hits.length - MOST_FOUND} more; add a word.`));
    found.replaceChildren(...rows);
  });
  search.addEventListener("input", debounce(look, 300));
  search.addEventListener("keydown", (event) => event.stopPropagation());

  const remove = () => tried(async () => {
    await view.ask("delete_chat");
    sure.hidden = true;
    emptied();
  });
  const ask = () => {
    const yes = h("button", { class: "quiet danger", type: "button", onclick: remove }, "Delete it for good");
    const no = h("button", { class: "quiet", type: "button", onclick: () => { sure.hidden = true; } }, "Keep it");
    sure.replaceChildren("This chat is deleted for good and cannot be brought back; the draft stays. ", yes, " ", no);
    sure.hidden = false;
    no.focus();
  };
  const file = (form, label) => h("a", { class: "quiet", href: `/chat/${encodeURIComponent(view.id)}/${form}`, download: "" }, label);
  const toggle = h("button", { class: "quiet", type: "button", "aria-expanded": "false", onclick: () => {
    sought.hidden = !sought.hidden;
    toggle.setAttribute("aria-expanded", String(!sought.hidden));
    if (!sought.hidden) search.focus();
  } }, "Find in chats");
  kept.append(file("md", "Save as Markdown"), file("json", "Save as JSON"), h("button", { class: "quiet", type: "button", "data-changes": true, onclick: ask }, "Delete chat"));
  const box = h("div", { class: "chat-tools small" }, h("div", { class: "line" }, toggle, kept), sure, sought, failed);
  return { box, draw: (has) => { kept.hidden = !has; if (!has) sure.hidden = true; } };
}
