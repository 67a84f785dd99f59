/**
 * Runs in the head, before the first paint: a chosen theme must stand before anything is drawn.
 * It also marks the document as scripted, which shows the controls that need a script. The text is
 * put into the page as it is, and the policy admits it by its hash.
 */
export const earlyTheme = `(function(e){e.dataset.js="";try{var t=localStorage.getItem("theme");if(t==="light"||t==="dark")e.dataset.theme=t}catch(_){}})(document.documentElement)`;
