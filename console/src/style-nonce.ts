/**
 * An open dialog keeps the page behind it from scrolling by a <style> of its own, which a strict
 * Content-Security-Policy lets in by its nonce only. The library asks for it under this name.
 */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
