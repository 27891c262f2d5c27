"use strict";

const told = node("p", { role: "alert", class: "critical" });
const field = (name, label, type, hint) =>
  node("label", {}, label, node("input", { name, type, required: true, autocomplete: hint }));

document.querySelector("main").append(node("section", { class: "sign-in" },
  node("h1", {}, "Saltern"),
  node("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      const given = new FormData(event.target);
      try {
        const who = await ask("/api/session", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name: given.get("name"), password: given.get("password") }),
        });
        sessionStorage.guard = who.guard;
        location.href = "/";
      } catch (refused) {
        told.textContent = refused.message;
      }
    },
  },
    field("name", say("Name", "用户名"), "text", "username"),
    field("password", say("Password", "口令"), "password", "current-password"),
    node("button", {}, say("Sign in", "登录")),
    told),
  node("p", {}, node("button", { onclick: () => { localStorage.lang = zh ? "en" : "zh-CN"; location.reload(); } }, say("中文", "English"))),
));
