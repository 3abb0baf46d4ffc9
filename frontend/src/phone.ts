// Numbers on the desk's page are called by the page itself; without this script they are links
// that another telephone dials.
import { pageData } from "./page";
import { Panel } from "./phone/panel";
import { type Island, Telephone } from "./phone/telephone";

const root = document.querySelector<HTMLElement>("[data-phone]");

if (root !== null) {
  const telephone = new Telephone(new Panel(root), pageData<Island>("phone-island"));

  /** What the page shows has changed: hang up with the row, or call what was pressed just now. */
  const follow = (): void => {
    if (telephone.whom !== "" && document.querySelector(`[data-dial="${telephone.whom}"]`) === null) {
      telephone.drop();
    }
    const now = document.querySelector<HTMLElement>("[data-dial-now]");
    if (now !== null) {
      now.removeAttribute("data-dial-now");
      void telephone.call(now.dataset.dial ?? "");
    }
  };
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>("[data-dial]");
    if (link !== null) {
      event.preventDefault();
      void telephone.call(link.dataset.dial ?? "");
    }
  });
  for (const part of document.querySelectorAll("[data-live]")) {
    new MutationObserver(follow).observe(part, { childList: true });
  }
  follow();
}
