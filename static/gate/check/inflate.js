// ZLIB (RFC 1950, 1951), no more and no less than Python's zlib takes. Written out because DecompressionStream is
// missing on old phones, and where it is there, engines differ on what may follow the data.
import { Malformed } from "./bytes.js";

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]; // prettier-ignore
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]; // prettier-ignore
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END = 256;
const LONGEST = 15; // bits of a code
const FIXED = Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8));

/** The data, of at most `limit` bytes; Malformed for more, for less than the whole, for anything behind it. */
export function inflate(packed, limit) {
  const stream = { packed, place: 2, held: 0, count: 0, out: new Uint8Array(limit), length: 0 };
  readHeader(packed);
  for (let isLast = false; !isLast; ) {
    isLast = bits(stream, 1) === 1;
    readBlock(stream, bits(stream, 2));
  }
  const out = stream.out.subarray(0, stream.length);
  const [sum, given] = [adler32(out), packed.subarray(stream.place)]; // bits left over belong to the last byte
  if (given.length !== 4 || given.some((octet, place) => octet !== ((sum >>> (24 - 8 * place)) & 255))) {
    throw new Malformed("cut short, a wrong sum, or followed by something");
  }
  return out;
}

function readHeader(packed) {
  const [method, flags] = packed;
  const isZlib = packed.length >= 2 && (method & 15) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
  if (!isZlib || flags & 32) throw new Malformed("not zlib data");
}

function readBlock(stream, kind) {
  if (kind === 0) copyStored(stream);
  else if (kind === 1) readCodes(stream, table(FIXED), table(Array(32).fill(5)));
  else if (kind === 2) readDynamic(stream);
  else throw new Malformed("a block of no kind");
}

function bits(stream, wanted) {
  while (stream.count < wanted) {
    if (stream.place >= stream.packed.length) throw new Malformed("cut short");
    stream.held |= stream.packed[stream.place++] << stream.count;
    stream.count += 8;
  }
  const value = stream.held & ((1 << wanted) - 1);
  stream.held >>>= wanted;
  stream.count -= wanted;
  return value;
}

function put(stream, octet) {
  if (stream.length >= stream.out.length) throw new Malformed("too long");
  stream.out[stream.length++] = octet;
}

function copyStored(stream) {
  stream.held = stream.count = 0;
  const length = bits(stream, 16);
  if ((bits(stream, 16) ^ 0xffff) !== length) throw new Malformed("a stored block of two lengths");
  if (stream.packed.length - stream.place < length) throw new Malformed("cut short");
  for (let count = 0; count < length; count++) put(stream, stream.packed[stream.place++]);
}

function readDynamic(stream) {
  const [literals, distances, codes] = [bits(stream, 5) + 257, bits(stream, 5) + 1, bits(stream, 4) + 4];
  if (literals > 286 || distances > 30) throw new Malformed("too many codes");
  const ofLengths = Array(19).fill(0);
  for (let place = 0; place < codes; place++) ofLengths[ORDER[place]] = bits(stream, 3);
  const lengths = readLengths(stream, table(ofLengths, { isWhole: true }), literals + distances);
  if (lengths[END] === 0) throw new Malformed("no code for the end");
  readCodes(stream, table(lengths.slice(0, literals)), table(lengths.slice(literals)));
}

function readLengths(stream, codes, wanted) {
  const lengths = [];
  while (lengths.length < wanted) {
    const symbol = read(stream, codes);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    if (symbol === 16 && !lengths.length) throw new Malformed("nothing to repeat");
    const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
    const times = symbol === 16 ? 3 + bits(stream, 2) : symbol === 17 ? 3 + bits(stream, 3) : 11 + bits(stream, 7);
    for (let count = 0; count < times; count++) lengths.push(value);
  }
  if (lengths.length > wanted) throw new Malformed("repeated too often");
  return lengths;
}

/** How many codes have each length, and their symbols in order. A single code of one bit may stand alone. */
function table(lengths, { isWhole = false } = {}) {
  const counts = Array(LONGEST + 1).fill(0);
  for (const length of lengths) counts[length]++;
  const used = lengths.length - counts[0];
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= LONGEST; length++) {
    left = 2 * left - counts[length];
    if (left < 0) throw new Malformed("more codes than there are");
  }
  const mayBePart = !isWhole && (used === 0 || (used === 1 && counts[1] === 1));
  if (left > 0 && !mayBePart) throw new Malformed("codes that lead nowhere");
  const starts = counts.map((_, length) => counts.slice(0, length).reduce((sum, count) => sum + count, 0));
  const symbols = Array(used);
  lengths.forEach((length, symbol) => length && (symbols[starts[length]++] = symbol));
  return { counts, symbols };
}

function read(stream, { counts, symbols }) {
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length <= LONGEST; length++) {
    code |= bits(stream, 1);
    const count = counts[length];
    if (code - count < first) return symbols[index + code - first];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new Malformed("a code nobody gave");
}

function readCodes(stream, literals, distances) {
  for (;;) {
    const symbol = read(stream, literals);
    if (symbol === END) return;
    if (symbol < END) put(stream, symbol);
    else copyBack(stream, symbol - 257, distances);
  }
}

function copyBack(stream, symbol, distances) {
  if (symbol >= LENGTHS.length) throw new Malformed("a length nobody defined");
  const length = LENGTHS[symbol] + bits(stream, LENGTH_BITS[symbol]);
  const far = read(stream, distances);
  if (far >= DISTANCES.length) throw new Malformed("a distance nobody defined");
  const distance = DISTANCES[far] + bits(stream, far < 2 ? 0 : (far >> 1) - 1);
  if (distance > stream.length) throw new Malformed("from before the beginning");
  for (let count = 0; count < length; count++) put(stream, stream.out[stream.length - distance]);
}

function adler32(data) {
  let [a, b] = [1, 0];
  for (const octet of data) {
    a = (a + octet) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
