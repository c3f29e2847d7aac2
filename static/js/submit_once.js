// A form marked data-submit-once is sent once: the second click waits for the first answer.

const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-busy]")) {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
  }
};

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-submit-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter ?? form.querySelector("button:not([type=button])");
    if (button) {
      // Not `disabled`: that would take the focus away and drop the button's own value.
      button.dataset.busy = "yes";
      button.setAttribute("aria-disabled", "true");
    }
  },
  { capture: true },
);

document.addEventListener("htmx:afterRequest", ({ target }) => {
  const form = target.closest?.("[data-submit-once]");
  if (form) release(form);
});

// The page came back from the browser's memory: the way is free again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) release(form);
});
