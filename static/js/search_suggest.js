// Suggestions below the search field: searches, shelves and products that fit what is being typed.
// They are links in a list: arrow keys walk along, Escape returns. Without script the form searches.

const form = document.querySelector("form[data-suggest]");
const input = form?.querySelector("input");
const live = document.getElementById("live");
const FEWEST_LETTERS = 2;
const PAUSE = 150;
let list = null;
let timer = 0;
let asked = 0;

const element = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

// The letters that were typed stay plain, the rest is strong.
const contrasted = (text, typed) => {
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0) return [element("strong", "", text)];
  const [before, after] = [text.slice(0, at), text.slice(at + typed.length)];
  const strong = (part) => (part ? [element("strong", "", part)] : []);
  return [...strong(before), text.slice(at, at + typed.length), ...strong(after)];
};

const entry = ({ url, text, picture, price, typed }) => {
  const image = element("img", "suggestions__picture");
  Object.assign(image, { src: picture ?? "", alt: "", width: 36, height: 44 });
  const label = element("span", "suggestions__text", ...contrasted(text, typed));
  const link = element("a", "suggestions__link", ...(picture ? [image] : []), label);
  if (price) link.append(element("span", "suggestions__price", price));
  link.href = url;
  return element("li", "", link);
};

const close = () => {
  list?.remove();
  list = null;
};

const show = ({ queries, products, categories }, typed) => {
  close();
  const query = new URLSearchParams({ q: typed });
  const all = { url: `${form.action}?${query}`, text: `${form.dataset.all} “${typed}”`, typed: "" };
  const entries = [
    ...queries.map((query) => ({ ...query, typed })),
    ...categories.map(({ name, url }) => ({ url, text: name, typed })),
    ...products.map(({ title, ...rest }) => ({ ...rest, text: title, typed })),
  ];
  if (!entries.length || document.activeElement !== input) return;
  list = element("ul", "suggestions", ...[...entries, all].map(entry));
  form.append(list);
  if (live) live.textContent = `${entries.length} ${form.dataset.found ?? ""}`;
};

const ask = async () => {
  const typed = input.value.trim();
  const mine = ++asked;
  if (typed.length < FEWEST_LETTERS) return close();
  try {
    const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: typed })}`);
    if (answer.ok && mine === asked) show(await answer.json(), typed);
  } catch {
    close();
  }
};

const walk = (event) => {
  if (event.key === "Escape" && list) {
    close();
    input.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !list) return;
  event.preventDefault();
  const stops = [input, ...list.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + step;
  stops.at(next % stops.length)?.focus();
};

if (form) {
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, PAUSE);
  });
  form.addEventListener("keydown", walk);
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.contains(relatedTarget)) close();
  });
}
