// When a request was received and how urgent it is: set in a dialog of the list, with the due date that follows.
import { call, debounce, part, Refused, show } from "/page/dom.js";

export class Receipt {
  constructor(root, server, saved) {
    this.server = server;
    this.saved = saved;
    this.dialog = part(root, "receipt");
    this.name = part(root, "receipt-case");
    this.day = part(root, "receipt-day");
    this.priority = part(root, "receipt-priority");
    this.due = part(root, "receipt-due");
    this.failed = part(root, "receipt-error");
    const told = debounce(() => this.tell(), 150);
    for (const field of [this.day, this.priority]) field.addEventListener("input", told);
    part(root, "receipt-cancel").addEventListener("click", () => this.dialog.close());
    part(root, "receipt-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  open(button) {
    const { due, received, priority, title } = button.dataset;
    this.case = due;
    this.name.textContent = title;
    this.day.value = received;
    if (priority) this.priority.value = priority;
    else this.priority.selectedIndex = 0;
    show(this.failed, "");
    this.tell();
    this.dialog.showModal();
  }

  async tell() {
    try {
      const asked = { received: this.day.value, priority: this.priority.value };
      const sentence = this.day.value ? (await call(this.server, "when_due", asked)).due : "";
      this.due.textContent = sentence || "Without a day of receipt no due date is shown.";
    } catch (error) {
      this.due.textContent = error instanceof Refused ? error.message : "";
    }
  }

  async save() {
    try {
      await call(this.server, "change_receipt", { case: this.case, received: this.day.value, priority: this.priority.value });
      this.dialog.close();
      await this.saved();
    } catch (error) {
      show(this.failed, error.message);
    }
  }
}
