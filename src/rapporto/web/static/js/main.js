// What every page runs: small modules, each of which listens on the document, so that swapped parts need no setting up.

import "./hypermedia.js";
import "./theme.js";
import "./toasts.js";
import "./menus.js";
import "./combobox.js";
import "./hints.js";
import "./panel.js";
import "./choosing.js";
import "./sheet.js";
import "./keyboard.js";
import "./dialogs.js";
import "./palette.js";
import "./unsaved.js";
import "./printing.js";
import "./org.js";
import "./lazy.js";
import "./groups.js";
import "./columns.js";
import "./counts.js";
import "./totals.js";
