// Results of a search were seen: pages are kept whole, so only browsers know how often. Nothing but
// the words is sent, and no answer is waited for.

const place = document.querySelector("[data-search-seen]");

if (place) {
  const { searchSeen, query } = place.dataset;
  navigator.sendBeacon(searchSeen, new URLSearchParams({ q: query }));
}
