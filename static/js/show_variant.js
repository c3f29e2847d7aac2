// Go to the row of the variant that the address names, as after scanning its barcode.
const sku = new URLSearchParams(location.search).get("variant");

function show(input) {
  const row = input.closest("tbody");
  row.classList.add("row--found");
  row.scrollIntoView({ block: "center" });
  input.focus({ preventScroll: true });
}

if (sku) {
  const inputs = [...document.querySelectorAll("#variants-data [name$='-sku']")];
  const input = inputs.find((one) => one.value.toUpperCase() === sku.toUpperCase());
  // The tab it is on opens first.
  if (input) setTimeout(() => show(input), 200);
}
