// Pictures of a product: thumbnails scroll only the row, arrow keys turn the pages, and a click
// opens the picture large. Without script the row scrolls by itself and thumbnails are links.

const galleryOf = (event) => event.target.closest?.("[data-gallery]");
const track = (gallery) => gallery.querySelector("[data-gallery-track]");

const currentIndex = (row) => Math.round(row.scrollLeft / (row.clientWidth + 8));

const goTo = (gallery, index) => {
  const row = track(gallery);
  row.children[index]?.scrollIntoView({ block: "nearest", inline: "start" });
};

const mark = (gallery) => {
  const index = currentIndex(track(gallery));
  const thumbs = gallery.querySelectorAll(".gallery__thumb");
  for (const [place, thumb] of thumbs.entries()) {
    if (place === index) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  }
};

const prepare = () => {
  for (const gallery of document.querySelectorAll("[data-gallery]")) {
    const zoom = gallery.querySelector("[data-gallery-zoom]");
    zoom.hidden = !gallery.querySelector("img");
    track(gallery).onscroll = () => mark(gallery);
  }
};

const openLarge = (gallery) => {
  const row = track(gallery);
  const picture = row.children[currentIndex(row)]?.querySelector("picture");
  if (!picture) return;
  const large = gallery.querySelector("[data-gallery-large]");
  const copy = picture.cloneNode(true);
  for (const part of copy.querySelectorAll("source, img")) part.sizes = "200vw";
  copy.querySelector("img").className = "gallery__large-image";
  large.replaceChildren(copy);
  nearer(large, false);
  gallery.querySelector("[data-gallery-dialog]").showModal();
};

const nearer = (large, isNear) => {
  large.classList.toggle("gallery__large--close", isNear);
  large.setAttribute("aria-label", isNear ? large.dataset.wider : large.dataset.nearer);
};

document.addEventListener("click", (event) => {
  const gallery = galleryOf(event);
  if (!gallery) return;
  const thumb = event.target.closest(".gallery__thumb");
  const large = event.target.closest("[data-gallery-large]");
  if (thumb) {
    event.preventDefault();
    goTo(gallery, [...gallery.querySelectorAll(".gallery__thumb")].indexOf(thumb));
  } else if (large) {
    nearer(large, !large.classList.contains("gallery__large--close"));
  } else if (event.target.closest("[data-gallery-zoom], [data-gallery-track]")) {
    openLarge(gallery);
  } else if (event.target.matches("dialog")) {
    event.target.close();
  }
});

document.addEventListener("keydown", (event) => {
  const gallery = galleryOf(event);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!gallery || !step || event.target !== track(gallery)) return;
  event.preventDefault();
  goTo(gallery, currentIndex(track(gallery)) + step);
});

document.addEventListener("htmx:afterSettle", prepare);
prepare();
