// Microseconds that Node takes to encode and decode a document, as JSON. coding.js DOCUMENT ROUNDS
const fs = require('fs');

const text = fs.readFileSync(process.argv[2], 'utf8');
const value = JSON.parse(text);
const times = 10000;
let sum = 0;

function time(work) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i += 1) sum += work();
  return Number(process.hrtime.bigint() - start) / 1000 / times;
}

const took = { encode: [], decode: [] };
for (let round = 0; round <= Number(process.argv[3]); round += 1) {
  // Text that was built by joining is flat only once it is read: so it is for the network, and here.
  const encode = time(() => Buffer.from(JSON.stringify(value)).length);
  const decode = time(() => JSON.parse(text).length);
  // The first round warms up.
  if (round > 0) {
    took.encode.push(encode);
    took.decode.push(decode);
  }
}
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(JSON.stringify({ bytes: Buffer.byteLength(text), encode: median(took.encode), decode: median(took.decode) }));
