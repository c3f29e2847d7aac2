// After a part of the page was exchanged: says aloud what its data-announce says, and brings
// what carries data-reveal into sight.

const live = document.getElementById("live");

// What came along with an answer to something else is said again only when it changed.
const spoken = new Map();

const within = (element, name) =>
  element.matches(`[${name}]`) ? element : element.querySelector(`[${name}]`);

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (!(target instanceof Element)) return;
  const place = target.id ? (document.getElementById(target.id) ?? target) : target;
  const said = within(place, "data-announce");
  const isNews = detail.target?.id === target.id || spoken.get(target.id) !== said?.dataset.announce;
  spoken.set(target.id, said?.dataset.announce);
  if (live && said && isNews) live.textContent = said.dataset.announce;
  within(place, "data-reveal")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:sendError", () => {
  // Without a connection the plain link or form still works, and says what is wrong.
  if (live) live.textContent = document.body.dataset.offline ?? "";
});
