// Adds the buttons "one less" and "one more" to a number field.

const inputOf = (box) => box.querySelector("input");

const refresh = (box) => {
  const { value, min, max } = inputOf(box);
  for (const button of box.querySelectorAll("[data-step]")) {
    const limit = button.dataset.step === "1" ? max : min;
    button.hidden = false;
    button.setAttribute("aria-disabled", String(value === limit));
  }
};

const refreshAll = (root) => {
  for (const box of root.querySelectorAll("[data-quantity]")) refresh(box);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-step]");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const box = button.closest("[data-quantity]");
  const input = inputOf(box);
  if (button.dataset.step === "1") input.stepUp();
  else input.stepDown();
  refresh(box);
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-quantity]");
  if (box) refresh(box);
});

document.addEventListener("htmx:afterSettle", () => refreshAll(document));
refreshAll(document);
