// Keeps what stands in the form on this machine's server, within a second, until it is sent or cleared.
import { call, h, moment } from "/page/dom.js";

const WAIT = 600; // ms from the first key that is not kept yet
const LONGEST_BEACON = 60_000; // characters that a closing page can still send

export class Unsent {
  constructor(server, line, values, put) {
    Object.assign(this, { server, line, values, put });
    this.base = 0;
    this.kept = null; // what was kept last, as JSON
    this.timer = null;
    this.going = null;
    this.over = false;
    this.conflict = false;
    addEventListener("pagehide", () => this.lastWords());
  }

  async restore() {
    try {
      const { entry } = await call(this.server, "unsent_case");
      if (!entry) return;
      this.base = entry.number;
      const now = this.values();
      if (now.text || now.services || now.received) return this.changed();
      this.put(entry.fields);
      this.kept = JSON.stringify(this.values());
      this.line.textContent = `You began this case and did not send it; kept ${moment(entry.saved)}.`;
    } catch (error) {
      this.line.textContent = error.message;
    }
  }

  changed() {
    if (this.over || this.conflict) return;
    if (this.timer === null) this.timer = setTimeout(() => this.keep(), WAIT);
  }

  // Resolves when what stands in the form is kept, or cannot be.
  async keep(base = this.base) {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.going) {
      await this.going;
      if (!this.over && !this.conflict && JSON.stringify(this.values()) !== this.kept) return this.keep();
      return;
    }
    const fields = this.values();
    const now = JSON.stringify(fields);
    if (now === this.kept) return;
    this.going = this.send(fields, now, base);
    await this.going;
    this.going = null;
  }

  async send(fields, now, base) {
    try {
      if (![fields.text, fields.day, fields.services, fields.received].some((value) => value.trim())) {
        await call(this.server, "forget_unsent");
        this.base = 0;
        this.line.textContent = "What you type is kept on this machine as you type.";
      } else {
        const { entry } = await call(this.server, "keep_unsent", { fields, base });
        this.base = entry.number;
        this.line.textContent = `Kept ${moment(entry.saved).slice(11)}, not sent yet.`;
      }
      this.kept = now;
    } catch (error) {
      if (error.kind === "EnteredElsewhere") this.ask(error.message);
      else {
        this.line.textContent = `Not kept yet: ${error.message}`;
        if (!this.over) setTimeout(() => this.changed(), 3000);
      }
    }
  }

  ask(sentence) {
    this.conflict = true;
    const button = (words, act) => h("button", { class: "quiet", type: "button", onclick: act }, words);
    this.line.replaceChildren(`${sentence} `,
      button("Keep what stands here", () => { this.conflict = false; this.keep(null); }), " ",
      button("Show the other text", () => this.theirs()));
  }

  async theirs() {
    try {
      const { entry } = await call(this.server, "unsent_case");
      this.conflict = false;
      this.base = entry?.number ?? 0;
      this.put(entry?.fields ?? {});
      this.kept = JSON.stringify(this.values());
      this.line.textContent = entry ? `Kept ${moment(entry.saved).slice(11)}, not sent yet.` : "The other text was sent or cleared.";
    } catch (error) {
      this.ask(error.message);
    }
  }

  // Before sending: nothing may arrive after it.
  async rest() {
    clearTimeout(this.timer);
    this.timer = null;
    await this.going;
  }

  sent() {
    this.over = true;
  }

  lastWords() {
    if (this.over || this.conflict) return;
    const fields = this.values();
    const now = JSON.stringify(fields);
    if (now === this.kept || !(this.timer !== null || this.going)) return;
    const words = JSON.stringify({ fields, base: this.going ? null : this.base });
    if (words.length < LONGEST_BEACON) navigator.sendBeacon("/unsent", new Blob([words], { type: "application/json" }));
  }
}
