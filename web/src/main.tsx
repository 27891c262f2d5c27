import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./look/tokens.css";
import "./look/base.css";
import "./look/parts.css";
import { beginTheme } from "./look/theme";
import { locale } from "./text/lang";

beginTheme();
document.documentElement.lang = locale();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
