// The audit log: filters, paging, the state of its chain. The filters stay out of the address: they may name a case.
import { attempting, call, debounce, h, part, place } from "/page/dom.js";

const FILTERS = ["account", "done", "case", "since", "until"];

export function start(root, server) {
  const attempt = attempting(part(root, "error"));
  const state = part(root, "state");
  let offset = 0;
  let turn = 0;

  const chosen = () => Object.fromEntries(FILTERS.map((name) => [name, part(root, name).value]));

  function read() {
    return attempt(async () => {
      const mine = ++turn;
      const answer = await call(server, "read_audit", { ...chosen(), offset });
      if (mine !== turn) return;
      place(part(root, "entries"), answer.html);
      const last = Math.min(answer.offset + answer.page, answer.total);
      part(root, "count").textContent = answer.total ? `${(answer.offset + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${answer.total.toLocaleString("en")} entries, the newest first` : "";
      part(root, "newer").disabled = answer.offset === 0;
      part(root, "older").disabled = last >= answer.total;
      state.textContent = answer.state;
      offer(answer.accounts);
      root.querySelector(".audit").dataset.ready = "true";
    });
  }

  function offer(accounts) {
    const select = part(root, "account");
    const { value } = select;
    select.replaceChildren(h("option", { value: "" }, "any"), ...accounts.map((name) => h("option", { value: name }, name)));
    select.value = value;
  }

  function turnTo(by) {
    offset = Math.max(0, offset + by);
    return read();
  }

  const again = debounce(() => { offset = 0; read(); }, 200);
  part(root, "narrow").addEventListener("input", again);
  part(root, "newer").addEventListener("click", () => turnTo(-50));
  part(root, "older").addEventListener("click", () => turnTo(50));
  part(root, "verify").addEventListener("click", () => attempt(async () => {
    state.textContent = "Verifying";
    state.textContent = (await call(server, "verify_audit")).state;
  }));
  read();
}
