// A mail's preview follows what is typed. Without script it shows what was saved.
const place = document.querySelector("[data-mail-preview]");
const form = document.querySelector("#mailtext_form");
let waiting = 0;
let turn = 0;

const show = async () => {
  const mine = ++turn;
  try {
    const answer = await fetch(place.dataset.mailPreview, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
    });
    // A slow answer must not replace that of a later question.
    if (!answer.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch {
    // What was shown before stays.
  }
};

const later = () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300);
};

if (place && form) {
  form.addEventListener("input", later);
  form.addEventListener("change", later);
}
