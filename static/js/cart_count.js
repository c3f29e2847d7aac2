// Shows how many things are in the basket. Pages are the same for everybody and kept whole;
// the number stands in a cookie that only this script reads.

const badge = document.querySelector("[data-cart-count]");

const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

const show = () => {
  const count = Number.parseInt(cookie(badge.dataset.cartCount) ?? "0", 10) || 0;
  const words = badge.querySelector("[data-one]");
  badge.hidden = count === 0;
  badge.querySelector("[data-number]").textContent = String(count);
  words.textContent = ` ${count === 1 ? words.dataset.one : words.dataset.many}`;
};

if (badge) {
  show();
  document.addEventListener("htmx:afterRequest", show);
  window.addEventListener("pageshow", show);
}
