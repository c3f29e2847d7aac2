// "Recently viewed" and "Picked for you". Which products were looked at stands only in this
// browser's storage; the shop is told their names when it draws the rows, and keeps nothing.

const place = document.querySelector("[data-recently-viewed]");
const rows = place?.querySelector("[data-rows]");
const KEY = "recently-viewed";
const MOST = 8;

// Storage can be switched off, full, or written by something else: then there is nothing to show.
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((slug) => typeof slug === "string") : [];
  } catch {
    return [];
  }
};

const write = (slugs) => {
  try {
    if (slugs.length) localStorage.setItem(KEY, JSON.stringify(slugs.slice(0, MOST)));
    else localStorage.removeItem(KEY);
  } catch {
    // Nothing is remembered, and nothing is missed.
  }
};

const show = async (slugs) => {
  if (!slugs.length) return;
  const query = new URLSearchParams({ seen: slugs.slice(0, MOST).join(",") });
  try {
    const answer = await fetch(`${place.dataset.recentlyViewed}?${query}`, { credentials: "omit" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    rows.replaceChildren(...page.body.children);
    place.hidden = rows.childElementCount === 0;
  } catch {
    place.hidden = true;
  }
};

const clear = () => {
  write([]);
  rows.replaceChildren();
  place.hidden = true;
  document.querySelector("#live").textContent = place.dataset.cleared;
  document.querySelector("#main").focus({ preventScroll: true });
};

if (place) {
  const current = place.dataset.slug;
  const others = read().filter((slug) => slug !== current);
  place.querySelector("[data-clear]").addEventListener("click", clear);
  show(others);
  if (current) write([current, ...others]);
}
