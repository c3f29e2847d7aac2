// After a part of the page was exchanged: says aloud what its data-announce says, and brings
// what carries data-reveal into sight.

const live = document.getElementById("live");

const within = (element, name) =>
  element.matches(`[${name}]`) ? element : element.querySelector(`[${name}]`);

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!(target instanceof Element)) return;
  const place = target.id ? (document.getElementById(target.id) ?? target) : target;
  const said = within(place, "data-announce");
  if (live && said) live.textContent = said.dataset.announce;
  within(place, "data-reveal")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:sendError", () => {
  // Without a connection the plain link or form still works, and says what is wrong.
  if (live) live.textContent = document.body.dataset.offline ?? "";
});
