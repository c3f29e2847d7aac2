// The sum of a refund follows what is typed. Without script a button works it out.
const form = document.querySelector("form[data-refund]");
const place = form?.querySelector("[data-refund-sum]");
let waiting = 0;
let turn = 0;

const work = async () => {
  const mine = ++turn;
  const answers = new FormData(form);
  answers.set("do", "live");
  try {
    const answer = await fetch(location.href, {
      method: "POST",
      body: answers,
      credentials: "same-origin",
    });
    // A slow answer must not replace that of a later question.
    if (!answer.ok || mine !== turn) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch {
    // The button is still there.
  }
};

form?.addEventListener("input", (event) => {
  if (event.target.name === "reason") return;
  clearTimeout(waiting);
  waiting = setTimeout(work, 300);
});
