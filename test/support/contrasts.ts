/** How well every text of an element is read, by the pixels that its colours make. */

type Pixel = readonly [number, number, number, number];

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

/** Any notation, painted. Not how the element does it, so that neither believes the other. */
function pixelOf(color: string): Pixel {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [red / 255, green / 255, blue / 255, alpha / 255];
}

function blend(top: Pixel, below: Pixel): Pixel {
  const [red = 0, green = 0, blue = 0] = top.map(
    (one, i) => one * top[3] + below[i]! * (1 - top[3]),
  );
  return [red, green, blue, 1];
}

function luminance(pixel: Pixel): number {
  const [red, green, blue] = pixel.map((one) =>
    one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Behind an element of a shadow root whose own box is opaque. */
function groundOf(element: Element): Pixel {
  const { backgroundColor } = getComputedStyle(element);
  const pixel = pixelOf(backgroundColor);
  if (pixel[3] > 0.99) return pixel;
  const parent = element.parentElement ?? (element.getRootNode() as ShadowRoot).host;
  return blend(pixel, parent ? groundOf(parent) : [1, 1, 1, 1]);
}

/** WCAG 2's contrast of an element's colour to what is behind it. */
export function contrastOf(element: Element): number {
  const ground = groundOf(element);
  const text = luminance(blend(pixelOf(getComputedStyle(element).color), ground)) + 0.05;
  const below = luminance(ground) + 0.05;
  return Math.max(text, below) / Math.min(text, below);
}

/** What is read worse than `min`, with its contrast; disabled buttons aside, as in WCAG. */
export function poorTexts(root: ShadowRoot, min: number): string[] {
  return [...root.querySelectorAll('.chat *')]
    .filter((one) =>
      [...one.childNodes].some((node) => node.nodeType === 3 && /\S/.test(node.nodeValue!)),
    )
    .concat([...root.querySelectorAll('.send:enabled')])
    .filter((one) => one.getClientRects().length > 0 && !one.closest('.hidden, :disabled'))
    .map((one) => [one, contrastOf(one)] as const)
    .filter(([, ratio]) => ratio < min)
    .map(([one, ratio]) => `${one.className || one.localName}: ${ratio.toFixed(2)}`);
}
