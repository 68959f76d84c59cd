// What every page needs. Everything listens on the document, so parts that htmx brings later need no set-up.
import { startButtons } from "./parts/buttons.js";
import { startClocks } from "./parts/clocks.js";
import { startFields } from "./parts/fields.js";
import { startFloats } from "./parts/floats.js";
import { startForms } from "./parts/forms.js";
import { startKeys } from "./parts/keys.js";
import { startPolls } from "./parts/polls.js";
import { startTabs } from "./parts/tabs.js";
import { startTheme } from "./parts/theme.js";
import { startToasts } from "./parts/toasts.js";
import { startZones } from "./parts/zones.js";

startTheme();
startForms();
startFields();
startButtons();
startFloats();
startToasts();
startClocks();
startPolls();
startKeys();
startZones();
startTabs();

document.documentElement.dataset.ready = "";
