// Leads to the mistakes of a form: the summary gets the focus, a field says what is wrong when it
// is left, and stops saying so as soon as it is right. The server checks everything again.

const summary = document.querySelector("[data-error-summary]");
summary?.focus();

const messageOf = (control) => {
  const { validity, dataset } = control;
  if (validity.valid) return "";
  if (validity.valueMissing) return dataset.required ?? control.validationMessage;
  return dataset.invalid ?? control.validationMessage;
};

const describe = (control, id, isWrong) => {
  const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const rest = ids.filter((one) => one !== id);
  const next = isWrong ? [...rest, id] : rest;
  if (next.length) control.setAttribute("aria-describedby", next.join(" "));
  else control.removeAttribute("aria-describedby");
  if (isWrong) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
};

const show = (control, message) => {
  const box = control.closest("[data-field]");
  const id = `${control.id}_error`;
  const place = document.getElementById(id);
  if (message && place) place.textContent = message;
  else if (message) {
    const line = document.createElement("p");
    line.className = "field__error";
    line.id = id;
    line.textContent = message;
    box.append(line);
  } else place?.remove();
  describe(control, id, message !== "");
  box.classList.toggle("field--wrong", message !== "");
  box.classList.toggle("field--right", message === "" && control.value.trim() !== "");
};

const fieldOf = (event) => {
  const control = event.target;
  return control.closest?.("[data-field]") && control.validity ? control : null;
};

document.addEventListener("focusout", (event) => {
  const control = fieldOf(event);
  if (!control) return;
  // What the server found wrong stays until the text is changed.
  const isServers = control.getAttribute("aria-invalid") && control.validity.valid;
  const isUntouched = control.value === "" && !control.dataset.touched;
  if (!isServers && !isUntouched) show(control, messageOf(control));
});

document.addEventListener("input", (event) => {
  const control = fieldOf(event);
  if (!control) return;
  control.dataset.touched = "yes";
  if (control.getAttribute("aria-invalid") && control.validity.valid) show(control, "");
});

// A summary's link lands in the field, not above it.
summary?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  const folded = control.closest("details");
  if (folded) folded.open = true;
  control.focus();
  control.scrollIntoView({ block: "center" });
});
