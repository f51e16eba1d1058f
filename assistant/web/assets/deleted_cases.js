// The deleted cases: brought back, or deleted for good after a second press.
import { call, h, part, show } from "/page/dom.js";

export async function startDeleted(root, server) {
  const list = part(root, "deleted");
  const state = part(root, "deleted-state");
  const fault = part(root, "deleted-error");

  async function guarded(work) {
    show(fault, "");
    try {
      await work();
    } catch (error) {
      show(fault, error.message);
    }
  }

  async function draw() {
    const { cases } = await call(server, "deleted_cases");
    list.replaceChildren(...cases.map(row));
    if (!cases.length) list.append(h("li", { class: "small" }, "There is none."));
  }

  function row(deleted) {
    const back = h("button", { class: "btn", type: "button" }, "Bring back");
    const purge = h("button", { class: "btn", type: "button" }, "Delete for good");
    for (const [button, what] of [[back, "Bring back"], [purge, "Delete for good"]]) {
      button.setAttribute("aria-label", `${what}: ${deleted.title}`);
    }
    back.addEventListener("click", () => guarded(async () => {
      await call(server, "bring_back", { case: deleted.id });
      state.textContent = "The case is back in the list.";
      await draw();
    }));
    purge.addEventListener("click", () => guarded(async () => {
      if (!purge.dataset.asked) {
        purge.dataset.asked = "yes";
        purge.textContent = "Yes, delete for good";
        purge.setAttribute("aria-label", `Yes, delete for good: ${deleted.title}`);
        state.textContent = "Press again to delete this case for good, or leave it.";
        return;
      }
      const { certificate, found } = await call(server, "purge_case", { case: deleted.id });
      state.textContent = `The case is deleted for good. Certificate ${certificate}; files that still hold words of it: ${found}.`;
      await draw();
    }));
    return h("li", {}, h("span", {}, deleted.title), " ", back, " ", purge);
  }

  await guarded(draw);
}
