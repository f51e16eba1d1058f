// What every view's script shares: making elements, calling Python, telling the user.
// Data becomes text nodes only. HTML comes from the server's render.py alone, and only place() puts it in.

export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function place(element, html) {
  element.innerHTML = html;
}

export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

export class Refused extends Error {
  constructor(sentence, kind) {
    super(sentence);
    this.kind = kind;
  }
}

export class Unreachable extends Error {
  constructor() {
    super("The program does not answer. What you wrote stands here; see in the terminal whether it runs, and open the page by its new link if it was started again.");
  }
}

export async function call(server, act, values = {}) {
  const answer = await server[act](values);
  if (answer === undefined || answer === null) throw new Unreachable();
  if (answer.error) throw new Refused(answer.error, answer.kind);
  return answer;
}

export function say(root, sentence, action = null) {
  const toast = part(root, "toast");
  clearTimeout(toast.timer);
  toast.replaceChildren(h("span", {}, sentence));
  if (action) toast.append(h("button", { class: "quiet", type: "button", onclick: () => { hush(toast); action.act(); } }, action.label));
  toast.classList.add("shown");
  toast.timer = setTimeout(() => hush(toast), action ? 12000 : 6000);
}

function hush(toast) {
  toast.classList.remove("shown");
  toast.replaceChildren();
}

export function show(notice, sentence) {
  notice.textContent = sentence ?? "";
  notice.hidden = !sentence;
}

// Marks a question as it is asked; what is given back says whether none was asked after it, for answers may overtake each other.
export function asking() {
  let newest = 0;
  return () => {
    const mine = ++newest;
    return () => mine === newest;
  };
}

// A function that does work and shows in the notice why it failed.
export function attempting(notice) {
  return async (work) => {
    try {
      show(notice, "");
      await work();
    } catch (error) {
      show(notice, error.message);
    }
  };
}

// Does the work once `wait` ms have passed without another call, at the latest `most` ms after the first.
export function debounce(work, wait, most = Infinity) {
  let timer = null;
  let first = 0;
  const later = (...values) => {
    const now = performance.now();
    if (timer === null) first = now;
    clearTimeout(timer);
    timer = setTimeout(() => { timer = null; work(...values); }, Math.max(0, Math.min(wait, first + most - now)));
  };
  later.cancel = () => { clearTimeout(timer); timer = null; };
  return later;
}

export function ago(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `on ${moment(iso)}`;
}

export function moment(iso) {
  const at = new Date(iso);
  const two = (n) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
