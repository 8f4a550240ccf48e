// The code: the token, a point, and what this phone's key signs for the present half minute; drawn as a path of SVG.
import { proofText } from "../gate/check/phone.js";
import { correction, generate } from "../vendor/lean-qr/lean-qr.js";

export const STEP = 30; // seconds
const QUIET = 4; // modules

/** The whole text at `at` (seconds by the server's clock). */
export async function textAt(pass, at) {
  return `${pass.prefix}${pass.token}.${await proofText(pass.privateKey, pass.cti, at)}`;
}

/** Draws `text` into an <svg> that has one <path>. A screen needs no more correction than L: larger modules read better. */
export function draw(svg, text) {
  const bitmap = generate(text, { minCorrectionLevel: correction.L });
  const runs = [];
  for (let y = 0; y < bitmap.size; y += 1) {
    for (let x = 0; x < bitmap.size; x += 1) {
      if (!bitmap.get(x, y)) continue;
      const start = x;
      while (x < bitmap.size && bitmap.get(x, y)) x += 1;
      runs.push(`M${start + QUIET} ${y + QUIET}h${x - start}v1h-${x - start}z`);
    }
  }
  const side = bitmap.size + 2 * QUIET;
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.querySelector("path").setAttribute("d", runs.join(""));
}
