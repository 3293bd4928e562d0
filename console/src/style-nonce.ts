/**
 * An open dialog adds a <style> element that stops the page behind it from scrolling. The Content-Security-Policy
 * allows that element only with the nonce. Radix UI reads the nonce from `__webpack_nonce__`.
 */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce) Object.assign(globalThis, { __webpack_nonce__: nonce });
