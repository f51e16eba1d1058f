// Who asks: the account that is signed in, or the one reviewer of this machine, who may do everything but manage people.
let asked = null;

export function whoAsks() {
  asked ??= fetch("/who").then((answer) => answer.json()).then((who) => ({ ...who, may: (right) => (who.accounts ? who.rights.includes(right) : right !== "manage_people") }))
    .catch(() => ({ accounts: false, rights: [], may: (right) => right !== "manage_people" }));
  return asked;
}

const NEEDS = { "/": "see_cases", "/decisions": "search_decisions", "/library": "see_library", "/insights": "see_insights", "/audit": "see_audit" };

// The header names the account, which is also the way to its page and out; links that the role does not include go.
export async function drawWho(root) {
  const who = await whoAsks();
  const link = root.querySelector('[data-part="who"]');
  if (!who.accounts || !link) return;
  link.textContent = who.display;
  link.setAttribute("aria-label", `Account of ${who.display}: password, tokens, sign out`);
  link.hidden = false;
  for (const [to, right] of Object.entries(NEEDS)) {
    const one = root.querySelector(`.top nav a[href="${to}"], .top a.top-link[href="${to}"]`);
    if (one) one.hidden = !who.may(right);
  }
  const start = root.querySelector('[data-part="start"]');
  if (start) start.hidden = !who.may("work_on_cases");
}
