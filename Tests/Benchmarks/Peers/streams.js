// Node behind nginx: takes an upload and answers its length, or streams so many bytes. streams.js SOCKET
const http = require('http');

const part = Buffer.alloc(64 * 1024, 'x');

http.createServer((request, response) => {
  if (request.method === 'POST') {
    let bytes = 0;
    request.on('data', (chunk) => { bytes += chunk.length; });
    request.on('end', () => {
      const body = JSON.stringify({ bytes });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    });
    return;
  }
  let left = Number(new URL(request.url, 'http://localhost').searchParams.get('count'));
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': left });
  const send = () => {
    while (left > 0) {
      const bytes = left >= part.length ? part : part.subarray(0, left);
      left -= bytes.length;
      if (!response.write(bytes)) return void response.once('drain', send);
    }
    response.end();
  };
  send();
}).listen(process.argv[2]);
