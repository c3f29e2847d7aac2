// Hearts and the number beside the wish list. Pages are the same for everybody and kept whole;
// what is wished stands in a cookie as "product-variant" pairs. Without script a heart is a plain
// form that leads to the list.

const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

const wishes = () => (cookie("wished") ?? "").split(".").filter(Boolean);

// A card stands for every variant of its product, a product page for the chosen one.
const isWished = (heart, all) => {
  const key = heart.dataset.wish;
  return all.some((one) => one === key || one.startsWith(`${key}-`));
};

const show = () => {
  const all = wishes();
  for (const heart of document.querySelectorAll("form[data-wish]")) {
    const button = heart.querySelector("button");
    button.setAttribute("aria-pressed", String(isWished(heart, all)));
  }
  const badge = document.querySelector("[data-wish-count]");
  if (!badge) return;
  badge.hidden = all.length === 0;
  badge.querySelector("[data-number]").textContent = String(all.length);
  const words = badge.querySelector("[data-one]");
  words.textContent = ` ${all.length === 1 ? words.dataset.one : words.dataset.many}`;
};

const send = async (heart) => {
  const body = new URLSearchParams(new FormData(heart));
  if (isWished(heart, wishes())) body.set("remove", "1");
  const answer = await fetch(heart.action, { method: "POST", body, headers: { "X-Wish": "1" } });
  if (answer.status !== 204) throw new Error(answer.statusText);
};

const toggle = async (heart) => {
  try {
    await send(heart);
  } catch {
    // The plain form says what is wrong.
    heart.submit();
    return;
  }
  show();
  const live = document.getElementById("live");
  const { on, off } = heart.dataset;
  if (live) live.textContent = isWished(heart, wishes()) ? on : off;
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-wish]")) return;
  event.preventDefault();
  toggle(event.target);
});

document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
show();
