// The chat below the draft: a turn runs on the server, this box follows it and shows what it quotes.
import { h } from "/page/dom.js";
import { quote } from "/page/evidence_pane.js";

const OFFERED = ["Why?", "What does the guideline say?", "Find similar decisions"];
const SHOWN = 40; // turns; earlier ones come on demand

export class ChatBox {
  constructor(view) {
    this.view = view;
    this.all = false;
    this.turns = h("div", { class: "turns", role: "log", "aria-label": "Chat" });
    this.field = h("textarea", { rows: 1, placeholder: "Ask, or say what to change", "aria-label": "Ask, or say what to change", spellcheck: "false", autocomplete: "off" });
    this.send = h("button", { class: "btn", type: "submit" }, "Ask");
    this.failed = h("p", { class: "notice error", role: "alert", hidden: true });
    const form = h("form", { class: "ask" }, this.field, this.send);
    this.chips = h("div", { class: "chips" }, OFFERED.map((words) => h("button", { class: "chip", type: "button", onclick: () => this.ask(words) }, words)));
    this.box = h("div", { class: "chat" }, this.turns, this.failed, this.chips, form);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.ask(this.field.value); });
    this.field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.ask(this.field.value); }
    });
    this.field.addEventListener("input", () => { this.field.style.height = "auto"; this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`; });
  }

  async ask(words) {
    const message = words.trim();
    if (!message || (this.view.job && !this.view.job.done)) return;
    this.failed.hidden = true;
    try {
      await this.view.draft.flush();
      this.view.job = (await this.view.ask("ask", { message })).job;
      if (this.field.value.trim() === message) { this.field.value = ""; this.field.style.height = "auto"; }
      this.draw({ toEnd: true });
      this.view.follow();
    } catch (error) {
      this.failed.textContent = error.message;
      this.failed.hidden = false;
    }
  }

  draw({ toEnd = false } = {}) {
    const job = this.view.job;
    const running = job?.kind === "chat" && !job.done;
    const turns = running ? this.view.case.turns.filter((turn) => turn.done) : this.view.case.turns;
    const hidden = this.all ? 0 : Math.max(0, turns.length - SHOWN);
    const shown = turns.slice(hidden).map((turn) => this.turn(turn));
    if (hidden) shown.unshift(h("button", { class: "quiet", type: "button", onclick: () => { this.all = true; this.draw(); } }, `${hidden} earlier`));
    if (running) shown.push(...this.growing(job, turns.at(-1)));
    this.turns.replaceChildren(...shown);
    this.send.disabled = running;
    if (job?.kind === "chat" && job.done && job.error) { this.failed.textContent = job.error; this.failed.hidden = false; }
    if (toEnd) this.box.scrollIntoView({ block: "end" });
  }

  // The turn under way: its question, unless that is stored already, and the answer as far as it has come.
  growing(job, last) {
    const stored = last?.role === "reviewer" && last.t === job.question;
    const answer = job.turn ? this.turn(job.turn) : h("p", { class: "it small" }, "Looking");
    return stored ? [answer] : [h("p", { class: "me" }, job.question), answer];
  }

  turn(turn) {
    if (turn.role === "reviewer") return h("p", { class: "me" }, turn.t);
    return h("div", { class: "it" }, h("p", {}, turn.t), turn.blocks.length ? h("ul", { class: "blocks" }, turn.blocks.map((block) => h("li", {}, this.block(block)))) : null);
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
      return h("button", { class: "chip", type: "button", onclick: () => this.ask(block.text) }, label);
    }
    return [label, " ", quoted];
  }
}
