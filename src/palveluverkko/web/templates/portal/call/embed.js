// Draws one button where this script stands. It opens the call page in a window of its own:
// nothing of ours runs inside the other site, and nothing is loaded but this.
(() => {
  const facts = {{ facts|safe }};
  const script = document.currentScript;
  if (script === null || !facts.origins.includes(location.origin)) {
    console.warn("The call button is not allowed on this site.");
    return;
  }
  const asked = script.dataset.language || document.documentElement.lang.slice(0, 2);
  const language = asked in facts.labels ? asked : "fi";
  const address = new URL(facts.addresses[language]);
  if (script.dataset.service) {
    address.searchParams.set("service", script.dataset.service);
  }
  const button = document.createElement("a");
  button.href = address.href;
  button.target = "_blank";
  button.rel = "noopener";
  button.lang = language;
  button.textContent = facts.labels[language];
  button.className = script.dataset.class || "palveluverkko-call";
  if (!script.dataset.class) {
    Object.assign(button.style, {
      background: "#00437a",
      color: "#fff",
      display: "inline-block",
      font: "600 1.0625rem/1.3 system-ui, sans-serif",
      padding: "0.85rem 1.25rem",
      textDecoration: "none",
    });
  }
  script.after(button);
})();
