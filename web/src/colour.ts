// A site's own colour, kept readable: contrast by WCAG 2.2 (relative luminance).

export interface Accent {
  fill: string;
  onFill: string;
  lightText: string;
  darkText: string;
}

/** Derive from `#rrggbb` a fill with its text, and a text colour for light and dark pages. */
export function accent(colour: string): Accent | undefined {
  const rgb = parse(colour);
  if (!rgb) return undefined;
  return {
    fill: colour,
    onFill: contrast(rgb, [255, 255, 255]) >= contrast(rgb, [20, 18, 16]) ? "#ffffff" : "#141210",
    lightText: until(rgb, [0, 0, 0], [241, 234, 223]),
    darkText: until(rgb, [255, 255, 255], [52, 48, 43]),
  };
}

type Rgb = [number, number, number];

function parse(colour: string): Rgb | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour.trim());
  return match ? [hex(match[1]), hex(match[2]), hex(match[3])] : undefined;
}

const hex = (digits: string): number => Number.parseInt(digits, 16);

/** Mix towards a colour until 4.5:1 against the background is reached. */
function until(from: Rgb, towards: Rgb, background: Rgb): string {
  let mixed = from;
  for (let share = 0; share <= 1; share += 0.05) {
    mixed = from.map((value, i) => Math.round(value + (towards[i] - value) * share)) as Rgb;
    if (contrast(mixed, background) >= 4.6) break;
  }
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
