// The waiting room: asks for the place in line, shows it, and opens the checkout when it is time.

// Said aloud no more often than this: who waits is not to be talked to all the time.
const QUIET_SECONDS = 30;

const room = document.querySelector("[data-queue]");
const live = document.getElementById("live");
let spokenAt = Date.now();

const open = () => window.location.replace(room.dataset.checkout);

const say = (standing) => {
  const isOver = "over" in standing.dataset;
  if (!live || (!isOver && Date.now() - spokenAt < QUIET_SECONDS * 1000)) return;
  spokenAt = Date.now();
  live.textContent = standing.dataset.announce;
};

const show = (words) => {
  const standing = new DOMParser().parseFromString(words, "text/html").getElementById("standing");
  const before = document.getElementById("standing");
  if (!standing) return;
  const isNews = standing.dataset.announce !== before.dataset.announce;
  before.replaceWith(standing);
  if (isNews) say(standing);
};

const look = async () => {
  try {
    const answer = await fetch(room.dataset.queue, { credentials: "same-origin" });
    if (answer.status === 204) {
      open();
      return;
    }
    if (answer.ok) show(await answer.text());
  } catch {
    // No connection for a moment: the place is kept, look again.
  }
  wait();
};

const wait = () => {
  const standing = document.getElementById("standing");
  // Sold out altogether: the page's own words and links are enough.
  if ("over" in standing.dataset) return;
  window.setTimeout(look, Number(standing.dataset.seconds) * 1000);
};

if (room) wait();
