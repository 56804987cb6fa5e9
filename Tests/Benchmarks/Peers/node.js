// Node's own http: says hello, and the document of users encoded anew for each request. node.js PORT|SOCKET DOCUMENT
const fs = require('fs');
const http = require('http');

const [where, document] = process.argv.slice(2);
const users = JSON.parse(fs.readFileSync(document));
const hello = '{"message":"hello"}';

http.createServer((request, response) => {
  const body = request.url === '/users' ? JSON.stringify(users) : hello;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen({ backlog: 4096, ...(/^\d+$/.test(where) ? { port: Number(where), host: '127.0.0.1' } : { path: where }) });
