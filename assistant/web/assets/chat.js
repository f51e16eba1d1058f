// The chat below the draft: a turn runs on the server, this box follows it and shows what it quotes.
import { h, say } from "/page/dom.js";
import { chatTools } from "/page/chat_tools.js";
import { quote } from "/page/evidence_pane.js";

const SHOWN = 40; // turns; earlier ones come on demand

export class ChatBox {
  constructor(view) {
    this.view = view;
    this.all = false;
    this.editing = null; // the turn whose message is being worded anew
    this.turns = h("div", { class: "turns", role: "log", "aria-label": "Chat" });
    this.field = h("textarea", { rows: 1, placeholder: "Ask, or say what to change", "aria-label": "Ask, or say what to change", spellcheck: "false", autocomplete: "off" });
    this.send = h("button", { class: "btn", type: "submit" }, "Ask");
    this.halt = h("button", { class: "btn", type: "button", hidden: true, title: "Esc", onclick: () => this.stop() }, "Stop");
    this.failed = h("p", { class: "notice error", role: "alert", hidden: true });
    this.anew = h("p", { class: "small anew", hidden: true }, "What came after this message is put aside when you send it. ", h("button", { class: "quiet", type: "button", onclick: () => this.edit(null) }, "Leave it as it was"));
    this.later = h("p", { class: "small", role: "status", hidden: true }, "Asked as soon as the answer is complete; Esc takes it back.");
    this.waiting = null; // the message that waits for the work under way
    const form = h("form", { class: "ask", "data-changes": true }, this.field, this.send, this.halt);
    this.chips = h("div", { class: "chips", "data-changes": true, role: "group", "aria-label": "What to ask next" });
    this.head = h("div", { class: "pane-head chat-head" }, h("h2", {}, "Chat"), this.placeButton());
    this.tools = chatTools(view, () => this.emptied());
    this.box = h("div", { class: "chat" }, this.head, this.turns, this.failed, this.chips, this.anew, this.later, form, this.tools.box);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.ask(this.field.value); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") event.stopPropagation();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.ask(this.field.value); }
    });
    this.field.addEventListener("input", () => this.fit());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (this.waiting && this.running) this.wait(null);
      else if (this.running) this.stop();
      else if (this.editing) this.edit(null);
    });
  }

  placeButton() {
    return h("button", { class: "quiet", type: "button", onclick: () => this.view.layout.setChat(this.view.layout.chatBeside ? "below" : "beside") }, this.view.layout?.chatBeside ? "Below the draft" : "Beside the panes");
  }

  // Beside the panes the chat has the pane's own head.
  drawPlace() {
    this.head.hidden = this.view.layout.chatBeside;
    this.box.classList.toggle("beside", this.view.layout.chatBeside);
  }

  // What is worth asking next, by what stands in the draft and what was asked already.
  suggestions() {
    const issue = this.view.current;
    if (!issue) return [];
    const asked = new Set(this.view.case.turns.filter((turn) => turn.role === "reviewer").map((turn) => turn.t.toLowerCase()));
    const one = this.view.case.issues.length > 1 ? ` for issue ${this.view.issue + 1}` : "";
    const absent = issue.findings.find((finding) => finding.status === "not_found");
    const other = (issue.decided?.outcome ?? issue.outcome) === "Overturned" ? "uphold" : "overturn";
    return [
      `Why${one}?`,
      absent ? `What would ${other} this${one}?` : null,
      issue.passages.length ? `What does the guideline say${one}?` : null,
      `Find similar decisions${one}`,
      issue.sentences.some((s) => s.slot) ? `What is still open${one}?` : `Make it shorter${one}`,
      `Make it plainer${one}`,
    ].filter((words) => words && !asked.has(words.toLowerCase())).slice(0, 4);
  }

  get running() {
    return this.view.job?.kind === "chat" && !this.view.job.done;
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }

  async ask(words, insteadOf = this.editing?.id ?? null) {
    const message = words.trim();
    if (!message || this.waiting) return;
    const mine = Symbol("message");
    this.wait(mine); // for a draft under way, which the answer is to tell of, or for the answer before
    await this.view.atRest();
    if (this.waiting !== mine) return;
    this.wait(null);
    await this.tried(async () => {
      await this.view.draft.flush();
      this.view.job = (await this.view.ask("ask", { message, instead_of: insteadOf })).job;
      if (insteadOf !== null) this.view.case.turns = this.view.case.turns.filter((turn) => turn.id < insteadOf);
      if (this.field.value.trim() === message || this.editing) this.field.value = "";
      this.edit(null);
      this.draw({ toEnd: true });
      this.halt.focus({ preventScroll: true });
      this.view.follow();
    });
  }

  wait(asked) {
    this.waiting = asked;
    this.later.hidden = !asked || !this.running;
  }

  async stop() {
    await this.tried(() => this.view.ask("stop_turn"));
  }

  async tried(act) {
    this.failed.hidden = true;
    try {
      await act();
    } catch (error) {
      this.failed.textContent = error.message;
      this.failed.hidden = false;
    }
  }

  // Word a message anew in the field; null ends that.
  edit(turn) {
    if (turn) this.field.value = turn.t;
    else if (this.editing) this.field.value = "";
    this.editing = turn;
    this.anew.hidden = !turn;
    this.fit();
    if (!turn) return;
    this.field.focus({ preventScroll: true });
    this.box.scrollIntoView({ block: "end" });
  }

  emptied() {
    this.view.case.turns = [];
    this.edit(null);
    this.draw();
  }

  draw({ toEnd = false } = {}) {
    const job = this.view.job;
    const running = this.running;
    const had = this.halt === document.activeElement;
    const turns = running ? this.view.case.turns.filter((turn) => turn.done) : this.view.case.turns;
    const hidden = this.all ? 0 : Math.max(0, turns.length - SHOWN);
    const shown = turns.slice(hidden).map((turn, at) => this.turn(turn, turns[hidden + at - 1]));
    if (hidden) shown.unshift(h("button", { class: "quiet", type: "button", onclick: () => { this.all = true; this.draw(); } }, `${hidden} earlier`));
    if (running) shown.push(...this.growing(job, turns.at(-1)));
    this.turns.replaceChildren(...shown);
    this.send.hidden = running;
    this.halt.hidden = !running;
    if (had && !running) this.field.focus({ preventScroll: true });
    this.chips.hidden = running;
    this.chips.replaceChildren(...this.suggestions().map((words) => h("button", { class: "chip", type: "button", "data-changes": true, onclick: () => this.ask(words, null) }, words)));
    this.tools.draw(turns.length > 0 && !running);
    if (job?.kind === "chat" && job.done && job.error) { this.failed.textContent = job.error; this.failed.hidden = false; }
    if (toEnd) this.box.scrollIntoView({ block: "end" });
  }

  // The turn under way: its question, unless that is stored already, and the answer as far as it has come.
  growing(job, last) {
    const stored = last?.role === "reviewer" && last.t === job.question;
    const answer = job.turn ? this.turn(job.turn) : h("p", { class: "it small" }, "Looking");
    return stored ? [answer] : [h("div", { class: "mine" }, h("p", { class: "me" }, job.question)), answer];
  }

  turn(turn, before = null) {
    if (turn.role === "reviewer") {
      const edit = turn.id && !this.running ? h("button", { class: "quiet act", type: "button", "data-changes": true, onclick: () => this.edit(turn) }, "Edit") : null;
      return h("div", { class: "mine" }, h("p", { class: "me" }, turn.t), edit);
    }
    const blocks = turn.blocks.length ? h("ul", { class: "blocks" }, turn.blocks.map((block) => h("li", {}, this.block(block)))) : null;
    const notices = turn.notices.map((notice) => h("p", { class: "small" }, notice));
    return h("div", { class: "it" }, turn.t ? h("p", {}, turn.t) : null, notices, blocks, this.discarded(turn), this.acts(turn, before));
  }

  discarded(turn) {
    if (!turn.discarded.length) return null;
    const count = turn.discarded.length === 1 ? "1 sentence of the model was left out" : `${turn.discarded.length} sentences of the model were left out`;
    return h("details", { class: "small thrown" }, h("summary", {}, count), h("ul", {}, turn.discarded.map((thrown) => h("li", {}, h("span", { class: "words" }, thrown.text), " ", thrown.why))));
  }

  acts(turn, before) {
    if (!turn.done) return null;
    const copy = turn.t ? h("button", { class: "quiet act", type: "button", onclick: () => this.copy(turn.t) }, "Copy") : null;
    const again = turn.stopped && before?.role === "reviewer" && !this.running ? h("button", { class: "quiet act", type: "button", "data-changes": true, onclick: () => this.ask(before.t, before.id) }, "Retry") : null;
    return h("p", { class: "small acts" }, turn.stopped ? "Stopped. " : null, again, copy, turn.model ? h("span", {}, `Worded by ${turn.model}`) : null);
  }

  async copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      say(this.view.root, "Copied.");
    } catch {
      say(this.view.root, "This browser does not let a page copy; select the words and copy them.");
    }
  }

  block(block) {
    const label = block.label || block.text || "Open";
    const quoted = block.text && block.text !== label ? h("span", { class: "words" }, block.text) : null;
    if (block.kind === "case") {
      return quote(this.view, { q: block.text || label, s: block.start, e: block.end });
    }
    if (block.kind === "passage") {
      return [h("a", { href: `/library?passage=${encodeURIComponent(block.id)}`, target: "_blank", rel: "noopener" }, label), " ", quoted];
    }
    if (block.kind === "decision") {
      return [h("a", { href: `/decisions?id=${encodeURIComponent(block.id)}`, target: "_blank", rel: "noopener" }, label), " ", quoted];
    }
    if (block.kind === "finding") {
      const open = () => this.view.draft.lightSupport({ kind: "finding", id: block.id }, true);
      return [h("button", { class: "quiet", type: "button", onclick: open }, label), " ", quoted];
    }
    if (block.kind === "link") {
      return h("button", { class: "chip", type: "button", "data-changes": true, onclick: () => this.ask(block.text, null) }, label);
    }
    return [label, " ", quoted];
  }
}
