// The search result as it would be with what is typed now, and how many characters are left.
const preview = document.querySelector("[data-snippet]");
const field = (name) => document.getElementById(`id_${name}`);

function cut(text, most) {
  const plain = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

function counter(input, most) {
  const told = document.createElement("p");
  told.className = "field__help snippet__count";
  told.setAttribute("aria-live", "polite");
  input.insertAdjacentElement("afterend", told);
  return () => {
    told.textContent = preview.dataset.count.replace("%s", input.value.length).replace("%s", most);
    told.classList.toggle("snippet__count--over", input.value.length > most);
  };
}

function start() {
  const longest = { title: Number(preview.dataset.longestTitle), text: Number(preview.dataset.longestDescription) };
  const inputs = Object.fromEntries(
    ["title", "slug", "subtitle", "description", "meta_title", "meta_description"].map((name) => [name, field(name)]),
  );
  const counters = [counter(inputs.meta_title, longest.title), counter(inputs.meta_description, longest.text)];
  const address = preview.querySelector("[data-snippet-address]");
  const origin = address.textContent.replace(/\/p\/.*$/, "");

  const draw = () => {
    const title = inputs.meta_title.value || inputs.title.value;
    const told = inputs.meta_description.value || `${inputs.subtitle.value} ${inputs.description.value}`;
    preview.querySelector("[data-snippet-title]").textContent = `${cut(title, longest.title)} | ${preview.dataset.shop}`;
    preview.querySelector("[data-snippet-text]").textContent = cut(told, longest.text);
    address.textContent = `${origin}/p/${inputs.slug.value}/`;
    for (const count of counters) count();
  };
  for (const input of Object.values(inputs)) input.addEventListener("input", draw);
  for (const count of counters) count();
}

if (preview && field("meta_title")) start();
