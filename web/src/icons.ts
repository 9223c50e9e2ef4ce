// Line icons, drawn for this widget on a grid of 24.

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";

const icon = (path: SVGTemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${path}</svg>`;

export const chatIcon = icon(
  svg`<path d="M5 6.5h9M5 11h7M5 16h5"/><path d="M17.5 8.5l2-1.5v7"/>`,
);
export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const menuIcon = icon(svg`<path d="M5 7.5h14M5 12h14M5 16.5h14"/>`);
export const sendIcon = icon(svg`<path d="M12 19V5M6 11l6-6 6 6"/>`);
export const upIcon = icon(
  svg`<path d="M7.5 20V10.5L12 4c1.4.3 2 1.3 1.7 2.6L13 10h5.2c1.2 0 2 1.1 1.7 2.2l-1.6 6.2c-.2 1-1 1.6-2 1.6zM7.5 20H4.5v-9.5h3"/>`,
);
export const downIcon = icon(
  svg`<path d="M16.5 4v9.5L12 20c-1.4-.3-2-1.3-1.7-2.6L11 14H5.8c-1.2 0-2-1.1-1.7-2.2l1.6-6.2c.2-1 1-1.6 2-1.6zM16.5 4h3v9.5h-3"/>`,
);
export const phoneIcon = icon(
  svg`<path d="M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3c0 1-.8 1.7-1.8 1.6C10.5 18.5 5.5 13.5 4.9 5.8 4.8 4.8 5.5 4 6.5 4z"/>`,
);
export const microphoneIcon = icon(
  svg`<path d="M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3"/>`,
);
