// A form marked data-scanner: each Enter of a scanner is sent at once, one after the other, and the
// page's screen is replaced by the answer without a reload. The field is empty and ready meanwhile.

const SCREEN = ".floor";
let queue = Promise.resolve();
let waiting = 0;

const field = () => document.querySelector("[data-scan-field]");

const sound = (isFine) => {
  navigator.vibrate?.(isFine ? 40 : [120, 80, 120]);
  const Context = window.AudioContext;
  if (!Context) return;
  const context = new Context();
  const tone = context.createOscillator();
  tone.frequency.value = isFine ? 1320 : 220;
  tone.connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + (isFine ? 0.06 : 0.35));
  tone.onended = () => context.close();
};

// What was typed into other fields while the answer was on its way stays.
const typedSince = (before) =>
  [...document.querySelectorAll(`${SCREEN} input[name]:not([type=hidden])`)].filter(
    (input) => input.id && input.value !== before.get(input.id),
  );

const valuesNow = () =>
  new Map([...document.querySelectorAll(`${SCREEN} input[name]`)].map((one) => [one.id, one.value]));

const replace = (text, before) => {
  const answer = new DOMParser().parseFromString(text, "text/html");
  const screen = answer.querySelector(SCREEN);
  if (!screen) return false;
  const kept = typedSince(before).map((input) => [input.id, input.value]);
  const active = document.activeElement?.id;
  document.querySelector(SCREEN).replaceWith(screen);
  for (const [id, value] of kept) {
    const input = document.getElementById(id);
    if (input) input.value = value;
  }
  (document.getElementById(active) ?? field())?.focus({ preventScroll: true });
  sound(!screen.querySelector("[data-refused]"));
  screen.querySelector(".row--last")?.scrollIntoView({ block: "nearest" });
  return true;
};

const send = async (code) => {
  const form = document.querySelector("form[data-scanner]");
  if (!form) return;
  const data = new FormData(form);
  data.set("scan", code);
  data.set("action", "scan");
  const before = valuesNow();
  // Not form.action: its buttons have that name.
  const address = form.getAttribute("action") || window.location.href;
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: data, credentials: "same-origin" });
    if (!replace(await answer.text(), before)) throw new Error("no screen");
  } catch {
    // No connection or no screen: the code goes back where it can be seen and sent again.
    sound(false);
    if (field()) field().value = code;
    return;
  }
  if (answer.redirected) window.history.replaceState(null, "", answer.url);
};

// "Book in" right after the last scan waits until that one has arrived.
const afterwards = ({ name, value }) =>
  queue.then(() => document.querySelector(`form[data-scanner] [name="${name}"][value="${value}"]`)?.click());

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-scanner]")) return;
  const isScan = event.submitter?.matches("[data-scan-button]");
  if (!isScan && waiting) {
    event.preventDefault();
    afterwards(event.submitter);
  }
  if (!isScan || !field().value.trim()) return;
  event.preventDefault();
  const code = field().value;
  field().value = "";
  waiting += 1;
  queue = queue.then(() => send(code)).then(() => {
    waiting -= 1;
  });
});

field()?.focus({ preventScroll: true });
