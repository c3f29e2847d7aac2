// A signed-in customer's own price beside the public one. The page is the same for everybody and
// kept whole; only when a cookie says that somebody is signed in is theirs asked for.

const isSignedIn = () =>
  document.cookie.split("; ").some((pair) => pair.startsWith("signed_in="));

const show = async () => {
  const place = document.querySelector("[data-own-prices]");
  if (!place || place.dataset.asked || !isSignedIn()) return;
  place.dataset.asked = "1";
  try {
    const answer = await fetch(place.dataset.ownPrices, { credentials: "same-origin" });
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.children);
    place.hidden = place.childElementCount === 0;
  } catch {
    place.hidden = true;
  }
};

document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
show();
