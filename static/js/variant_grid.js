// The grid of variants: columns that few need come when asked for, and a cell is copied down.
const tools = document.querySelector("[data-grid-tools]");
const table = tools && document.getElementById(`${tools.dataset.gridTools}-data`);

const KEY = "variant-columns";

function shown() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) || "[]"));
  } catch {
    return new Set();
  }
}

function show(name, isShown) {
  table.classList.toggle(`grid--no-${name}`, !isShown);
  tools.querySelector(`[data-columns="${name}"]`).setAttribute("aria-pressed", String(isShown));
}

function setUpColumns() {
  const wanted = shown();
  for (const button of tools.querySelectorAll("[data-columns]")) {
    const name = button.dataset.columns;
    button.addEventListener("click", () => {
      const isShown = button.getAttribute("aria-pressed") !== "true";
      show(name, isShown);
      wanted[isShown ? "add" : "delete"](name);
      localStorage.setItem(KEY, JSON.stringify([...wanted]));
    });
    show(name, wanted.has(name));
  }
  // What was refused has to be seen, wherever it is.
  if (table.querySelector("td.errors")) {
    for (const button of tools.querySelectorAll("[data-columns]")) show(button.dataset.columns, true);
  }
}

function columnOf(field) {
  return /^\w+-(?:\d+)-(.+)$/.exec(field.name)?.[1];
}

function setUpCopying() {
  const button = tools.querySelector("[data-copy-down]");
  const plain = button.textContent;
  let cell = null;
  table.addEventListener("focusin", ({ target }) => {
    const column = target.name && columnOf(target);
    cell = column && column !== "sku" && target.type !== "hidden" ? target : null;
    button.disabled = !cell;
    const heading = cell?.closest("td")?.dataset.label;
    button.textContent = heading ? button.dataset.words.replace("%s", heading) : plain;
  });
  button.addEventListener("click", () => cell && copyDown(cell));
}

function copyDown(cell) {
  const column = columnOf(cell);
  const rows = [...table.querySelectorAll("tbody:not(.empty-form)")];
  const start = rows.indexOf(cell.closest("tbody"));
  for (const row of rows.slice(start + 1)) {
    const field = row.querySelector(`[name$="-${column}"]`);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = cell.checked;
    else field.value = cell.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  cell.focus();
}

if (table) {
  tools.hidden = false;
  document.querySelector("[data-grid-hint]").hidden = false;
  setUpColumns();
  setUpCopying();
}
