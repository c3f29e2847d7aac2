// The page that waits for a bank: asks every few seconds, and moves on once the answer is there.

const SECONDS = 3;

const ask = async () => {
  try {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (answer.redirected) {
      window.location.replace(answer.url);
      return;
    }
  } catch {
    // No connection for a moment: ask again.
  }
  window.setTimeout(ask, SECONDS * 1000);
};

window.setTimeout(ask, SECONDS * 1000);
