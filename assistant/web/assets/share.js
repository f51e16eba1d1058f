// With whom a case is shared: its own reviewer gives and takes back; others see whose it is.
import { call, h, show } from "/page/dom.js";
import { whoAsks } from "/page/who.js";

// Puts "Share", or whose the case is, into the case's bar; nothing where there are no accounts.
export async function drawShare(view, place) {
  const who = await whoAsks();
  if (!who.accounts) return;
  const { owner, may } = view.case;
  if (owner) place.replaceChildren(h("span", { class: "pill" }, `of ${owner}${may === "see" ? ", to read" : ""}`));
  else if (who.may("work_on_cases")) place.replaceChildren(h("button", { class: "btn", type: "button", onclick: () => open(view) }, "Share"));
}

function open(view) {
  const fault = h("p", { class: "notice error", role: "alert", hidden: true });
  const list = h("ul", { class: "plain" });
  const name = h("input", { type: "text", maxlength: 64, required: true, spellcheck: "false", autocomplete: "off" });
  const may = h("select", {}, h("option", { value: "see" }, "to read"), h("option", { value: "change" }, "to change"));
  const ask = async (act, values = {}) => {
    show(fault, "");
    try {
      put((await call(view.server, act, { case: view.id, ...values })).shares);
      return true;
    } catch (error) {
      show(fault, error.message);
      return false;
    }
  };
  const put = (shares) => list.replaceChildren(...(shares.length ? shares : [null]).map((share) => (share
    ? h("li", {}, `${share.name}, ${share.may === "see" ? "to read" : "to change"} `, h("button", { class: "quiet", type: "button", "aria-label": `Take back from ${share.name}`, onclick: () => ask("unshare_case", { name: share.name }) }, "Take back"))
    : h("li", { class: "small" }, "Nobody but you, and the auditors, who may read it."))));
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    if (await ask("share_case", { name: name.value.trim(), may: may.value })) name.value = "";
  } },
  h("label", { class: "field" }, h("span", {}, "Account"), name),
  h("label", { class: "field" }, h("span", {}, "For what"), may),
  h("div", { class: "go" }, h("button", { class: "btn primary", type: "submit" }, "Share")));
  const box = h("dialog", { class: "receipt share", "aria-label": "Share this case", onclose: () => box.remove() },
    h("h2", {}, "Share this case"), list, form, fault,
    h("div", { class: "go" }, h("button", { class: "btn", type: "button", onclick: () => box.close() }, "Close")));
  view.root.querySelector(".desk").append(box);
  box.showModal();
  ask("list_shares");
}
