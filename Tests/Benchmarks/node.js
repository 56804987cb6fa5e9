// The peer in process: Node's own http, answering hello.
const body = '{"message":"hello"}';
require('http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}).listen(Number(process.argv[2]), '127.0.0.1');
