// What every page runs: small modules, each of which listens on the document, so that swapped parts need no setting up.

import "./hypermedia.js";
import "./theme.js";
import "./toasts.js";
import "./menus.js";
import "./combobox.js";
import "./panel.js";
import "./choosing.js";
import "./keyboard.js";
import "./unsaved.js";
