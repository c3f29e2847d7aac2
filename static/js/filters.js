// Filters of a list. Wide screen: a tick is applied at once. Phone: the sheet's button counts
// along and applies. Without script the buttons do both.

const wide = window.matchMedia("(min-width: 64em)");
let asked = 0;

const addressOf = (form) => {
  const query = new URLSearchParams(new FormData(form));
  return `${form.action}?${query}`;
};

const countAlong = async (form) => {
  const mine = ++asked;
  try {
    const answer = await fetch(addressOf(form));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const total = page.getElementById("listing")?.dataset.total;
    const button = form.querySelector("[data-filters-apply]");
    if (mine === asked && total !== undefined && button) {
      button.textContent = form.dataset.show.replace("…", total);
    }
  } catch {
    // No connection: the button keeps its general words.
  }
};

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-filters]")) return;
  const isSort = event.target.name === "sort";
  if (wide.matches || isSort) form.requestSubmit();
  else countAlong(form);
});

// Only what is chosen goes into the address.
document.addEventListener("formdata", ({ formData, target }) => {
  if (!target.matches?.("[data-filters]")) return;
  const sort = document.getElementById("sort");
  if (sort && sort.selectedIndex === 0) formData.delete("sort");
});
