// A row that was just added gets the lists to search that the others got at the start.
document.addEventListener("formset:added", (event) => {
  const jq = window.django?.jQuery;
  for (const list of event.target.querySelectorAll("select.rule__list")) {
    if (jq?.fn.select2 && !list.classList.contains("select2-hidden-accessible")) {
      jq(list).select2();
    }
  }
});
