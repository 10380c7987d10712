/** Compares pictures, in a browser: Node cannot look into a PNG. */

import type { Page } from 'playwright-core';

/** A difference that an eye could see, of 255 in one colour. */
const VISIBLE = 24;

/** Which part of the pixels differs visibly, 0 to 1; 1 for pictures of different sizes. */
export async function differenceOf(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const urls = [one, other].map((png) => `data:image/png;base64,${png.toString('base64')}`);
  return page.evaluate(
    async ([all, visible]) => {
      const [left, right] = await Promise.all(
        all.map(async (url) => {
          const image = await createImageBitmap(await (await fetch(url)).blob());
          const { width, height } = image;
          const canvas = new OffscreenCanvas(width, height).getContext('2d');
          canvas?.drawImage(image, 0, 0);
          return canvas?.getImageData(0, 0, width, height);
        }),
      );
      if (left?.width !== right?.width || left?.height !== right?.height) return 1;
      const pixels = (left?.data.length ?? 0) / 4;
      const differing = new Set<number>();
      left?.data.forEach((value, index) => {
        const far = Math.abs(value - (right?.data[index] ?? 0));
        if (far > visible) differing.add(Math.floor(index / 4));
      });
      return differing.size / pixels;
    },
    [urls, VISIBLE] as const,
  );
}
