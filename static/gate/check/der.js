// As much of X.509 as it takes to find the key in a certificate. The certificate's own signature and dates are not
// asked: the signed key list vouches for it, and says how long.
import { Malformed } from "./bytes.js";

const [INTEGER, BIT_STRING, SEQUENCE, VERSION] = [0x02, 0x03, 0x30, 0xa0];

/** The SubjectPublicKeyInfo (DER) of a certificate (DER), or Malformed. */
export function spkiOf(certificate) {
  const whole = one(certificate, 0, SEQUENCE);
  if (whole.end !== certificate.length) throw new Malformed("something behind the certificate");
  const signed = one(certificate, whole.start, SEQUENCE);
  const algorithm = one(certificate, signed.end, SEQUENCE);
  if (one(certificate, algorithm.end, BIT_STRING).end !== whole.end) throw new Malformed("not a certificate");
  let place = signed.start;
  if (certificate[place] === VERSION) place = one(certificate, place, VERSION).end;
  place = one(certificate, place, INTEGER).end; // serial number
  // Algorithm, issuer, dates, subject.
  for (let count = 0; count < 4; count++) place = one(certificate, place, SEQUENCE).end;
  const key = one(certificate, place, SEQUENCE);
  if (key.end > signed.end) throw new Malformed("not a certificate");
  return certificate.slice(place, key.end);
}

/** Where the content of the element at `place` starts and ends. */
function one(der, place, tag) {
  if (der[place] !== tag) throw new Malformed("not a certificate");
  let [length, start] = [der[place + 1], place + 2];
  if (length > 0x80 && length <= 0x83) {
    const count = length - 0x80;
    length = 0;
    for (let read = 0; read < count; read++) length = length * 256 + (der[start++] ?? 0);
    if (length < (count === 1 ? 0x80 : 256 ** (count - 1))) throw new Malformed("a longer form than needed");
  } else if (!(length < 0x80)) throw new Malformed("not a certificate");
  if (start + length > der.length) throw new Malformed("cut short");
  return { start, end: start + length };
}
