// "Sign in" or "Account" in the header. Pages are the same for everybody and kept whole; a cookie
// that only this script reads says that somebody is signed in.

const link = document.querySelector("[data-account]");

const show = () => {
  const isSignedIn = document.cookie.split("; ").some((pair) => pair.startsWith("signed_in="));
  link.querySelector("[data-words]").textContent = isSignedIn
    ? link.dataset.account
    : link.dataset.signIn;
};

if (link) {
  show();
  window.addEventListener("pageshow", show);
}
